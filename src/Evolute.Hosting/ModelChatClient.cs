using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Text;
using Microsoft.Extensions.AI;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Evolute.Hosting;

/// <summary>
/// A model as a chat client: messages go through its chat template; for a model without one, their texts are put together as they are. Requests are answered one after another. Without options it decodes greedily, up to
/// <see cref="DefaultTokens"/> new tokens.
/// </summary>
public sealed class ModelChatClient : IChatClient
{
    /// <summary>The most new tokens of an answer where the options do not say.</summary>
    public const int DefaultTokens = 256;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly IEngine _engine;
    private readonly Tokenizer _tokenizer;
    private readonly ChatTemplate? _template;
    private readonly Generator _generator;
    private readonly ChatClientMetadata _metadata;
    private long _answers;

    private ModelChatClient(IEngine engine, Tokenizer tokenizer, ChatTemplate? template, string name)
    {
        (_engine, _tokenizer, _template) = (engine, tokenizer, template);
        _generator = new Generator(engine, tokenizer);
        _metadata = new ChatClientMetadata("evolute", null, name);
    }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">Its folder in Hugging Face layout.</param>
    /// <param name="threads">Threads to use; 0 for all.</param>
    /// <exception cref="EvoluteInputException">A file is absent or damaged.</exception>
    public static ModelChatClient Load(string folder, int threads = 0)
    {
        ModelDirectory model = ModelDirectory.Open(folder);
        Tokenizer tokenizer = Tokenizer.Load(folder);
        ChatTemplate? template = ChatTemplate.Load(folder);
        return new(new CpuEngine(model.Spec, model.LoadWeights(), threads > 0 ? threads : Environment.ProcessorCount, PackedType.Float32), tokenizer, template, Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The options ask for what this client does not do: tools, penalties, or answers of a given form.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (string id, int[] prompt, GenerationSettings settings, NoiseKey draws) = Request(messages, options);
        Completion completion = await AnswerAsync(prompt, settings, draws, null, cancellationToken).ConfigureAwait(false);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, Answer(completion, settings)) { MessageId = id })
        {
            ResponseId = id,
            ModelId = _metadata.DefaultModelId,
            CreatedAt = DateTimeOffset.UtcNow,
            FinishReason = Reason(completion),
            Usage = Usage(prompt, completion),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The options ask for what this client does not do: tools, penalties, or answers of a given form.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (string id, int[] prompt, GenerationSettings settings, NoiseKey draws) = Request(messages, options);
        Channel<string> texts = Channel.CreateUnbounded<string>();
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Completion> answer = AnswerAsync(prompt, settings, draws, text => texts.Writer.TryWrite(text), left.Token);
        _ = answer.ContinueWith(_ => texts.Writer.Complete(), TaskScheduler.Default);
        try
        {
            await foreach (string text in texts.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return Update([new TextContent(text)]);
            Completion completion = await answer.ConfigureAwait(false);
            ChatResponseUpdate last = Update([new UsageContent(Usage(prompt, completion))]);
            last.FinishReason = Reason(completion);
            yield return last;
        }
        finally
        {
            // Whoever stops listening needs no more tokens.
            await left.CancelAsync().ConfigureAwait(false);
        }

        ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents) { ResponseId = id, MessageId = id, ModelId = _metadata.DefaultModelId };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engine.Dispose();
        _turn.Dispose();
    }

    private (string Id, int[] Prompt, GenerationSettings Settings, NoiseKey Draws) Request(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options is { Tools.Count: > 0 } or { FrequencyPenalty: not null } or { PresencePenalty: not null } or { ResponseFormat: not null and not ChatResponseFormatText })
            throw new NotSupportedException("This client has no tools, penalties or answers of a given form; leave them out of the options.");
        long number = Interlocked.Increment(ref _answers);
        ChatMessage[] asked = [.. messages];
        if (options?.Instructions is { Length: > 0 } instructions) asked = [new(ChatRole.System, instructions), .. asked];
        int[] prompt = _template is null
            ? _tokenizer.Encode(string.Concat(asked.Select(m => m.Text)), addSpecialTokens: true)
            : _tokenizer.Encode(_template.Render([.. asked.Select(m => new Text.ChatMessage(m.Role.Value, m.Text))], addGenerationPrompt: true), parseSpecial: true);
        GenerationSettings settings = new()
        {
            MaxNewTokens = options?.MaxOutputTokens ?? DefaultTokens,
            Sampling = new SamplingSettings(options?.Temperature ?? 0, options?.TopK ?? 0, options?.TopP ?? 1),
            StopStrings = [.. options?.StopSequences ?? []],
        };
        return ($"evolute-{number}", prompt, settings, NoiseKey.Of((ulong)(options?.Seed ?? 0), 0, (uint)(options?.Seed is null ? number : 0), NoiseDomain.TokenSampling));
    }

    private async Task<Completion> AnswerAsync(int[] prompt, GenerationSettings settings, NoiseKey draws, Action<string>? streamed, CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => PromptBatch.Run(_engine, _generator, [prompt], settings, draws, streamed: streamed is null ? null : (_, text) => streamed(text), stop: stop)[0], stop).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The text without the stop string that ended it, as chat services have it.</summary>
    private static string Answer(Completion completion, GenerationSettings settings) =>
        settings.StopStrings.FirstOrDefault(s => completion.Text.EndsWith(s, StringComparison.Ordinal)) is { } stop ? completion.Text[..^stop.Length] : completion.Text;

    private static ChatFinishReason Reason(Completion completion) => completion.Finish == FinishReason.Stop ? ChatFinishReason.Stop : ChatFinishReason.Length;

    private static UsageDetails Usage(int[] prompt, Completion completion) =>
        new() { InputTokenCount = prompt.Length, OutputTokenCount = completion.OutputIds.Length, TotalTokenCount = prompt.Length + completion.OutputIds.Length };
}
