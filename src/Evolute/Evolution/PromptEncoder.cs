using Evolute.Generation;
using Evolute.Models;
using Evolute.Tasks;
using Evolute.Text;

namespace Evolute.Evolution;

/// <summary>From problems to token ids: the prompt's text as it is, with the tokenizer's own special tokens.</summary>
public sealed class PromptEncoder
{
    private readonly ModelSpec _spec;

    private PromptEncoder(ModelSpec spec, Tokenizer tokenizer) => (_spec, Tokenizer) = (spec, tokenizer);

    /// <summary>The model's tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Reads a model's tokenizer.</summary>
    /// <exception cref="EvoluteInputException">It is absent or damaged, or has ids beyond the model's vocabulary.</exception>
    public static PromptEncoder Load(ModelDirectory model)
    {
        Tokenizer tokenizer = Tokenizer.Load(model.Path);
        return new PromptEncoder(model.Spec, tokenizer);
    }

    /// <summary>Encodes prompts and checks that they and their responses fit the model.</summary>
    /// <exception cref="EvoluteInputException">A prompt is too long, or has a token that the model has no embedding for.</exception>
    public EncodedProblem[] Encode(IReadOnlyList<TaskProblem> problems, int maxNewTokens)
    {
        var encoded = new EncodedProblem[problems.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            int[] ids = Tokenizer.Encode(problems[i].Prompt, addSpecialTokens: true);
            try
            {
                TokenWindow.Check(_spec, ids, maxNewTokens);
            }
            catch (EvoluteInputException e)
            {
                throw new EvoluteInputException($"Problem {problems[i].Id}: {e.Message}", e);
            }
            encoded[i] = new(problems[i], ids);
        }
        return encoded;
    }
}
