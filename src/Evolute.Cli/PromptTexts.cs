using System.Text;

namespace Evolute.Cli;

/// <summary>
/// Writes the answers to several prompts, which are made side by side, one after the other: the first that is not finished as it comes, the
/// others when it is their turn. A terminal sees no control characters that a model may have made up.
/// </summary>
internal sealed class PromptTexts(TextWriter output, int prompts, bool terminal)
{
    private readonly object _gate = new();
    private readonly StringBuilder[] _waiting = [.. Enumerable.Range(0, prompts).Select(_ => new StringBuilder())];
    private readonly bool[] _finished = new bool[prompts];
    private int _turn;

    /// <summary>New text of a prompt's answer.</summary>
    public void Append(int prompt, string text)
    {
        lock (_gate)
        {
            _waiting[prompt].Append(text);
            Write();
        }
    }

    /// <summary>A prompt's answer is whole.</summary>
    public void Finish(int prompt)
    {
        lock (_gate)
        {
            _finished[prompt] = true;
            Write();
        }
    }

    private void Write()
    {
        while (_turn < prompts)
        {
            string text = _waiting[_turn].ToString();
            output.Write(terminal ? string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')) : text);
            _waiting[_turn].Clear();
            if (!_finished[_turn]) break;
            output.WriteLine();
            _turn++;
        }
        output.Flush();
    }
}
