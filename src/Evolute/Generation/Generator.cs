using System.Diagnostics;
using Evolute.Engines;
using Evolute.Text;

namespace Evolute.Generation;

/// <summary>
/// Drives an engine from prompts to completions with continuous batching: a finished sequence leaves its slot at once and the next prompt takes it;
/// prefill chunks and decode rows share a step. With an encoder a prompt is its input, and the decoder begins with its start token. How many sequences are in flight is a matter of memory and speed and never changes a token.
/// </summary>
public sealed class Generator
{
    /// <summary>Rows of a step that prompts may fill beside the decode rows of a full batch.</summary>
    internal const int PrefillRows = 128;

    private readonly IEngine _engine;
    private readonly Tokenizer? _tokenizer;
    private readonly SpeculationGate[]? _gates;
    private readonly GenerationCounts[] _counts;
    private long _promptRows, _sharedTokens;

    /// <summary>A generator.</summary>
    /// <param name="engine">The engine; it stays the caller's.</param>
    /// <param name="tokenizer">For texts and stop strings; null where only ids matter.</param>
    /// <param name="batchSize">Sequences in flight over all seats, or 0 for what suits the engine.</param>
    /// <param name="speculation">Whether tokens are drafted from earlier answers to the same prompt; a matter of speed.</param>
    /// <exception cref="EvoluteInputException">The batch size is negative.</exception>
    public Generator(IEngine engine, Tokenizer? tokenizer, int batchSize = 0, Speculation speculation = Speculation.Off)
    {
        if (batchSize < 0) throw new EvoluteInputException($"--batch-size must be at least 1, not {batchSize}.");
        _engine = engine;
        _tokenizer = tokenizer;
        SharesPrefixes = engine.Spec.SharesPrefixes;
        SlotsPerSeat = batchSize == 0 ? engine.SuitableSlots : (batchSize + engine.Seats - 1) / engine.Seats;
        _counts = new GenerationCounts[engine.Seats];
        if (speculation != Speculation.Off && CanSpeculate) _gates = [.. _counts.Select(_ => new SpeculationGate(speculation))];
    }

    /// <summary>
    /// Whether tokens can be drafted: not where rotary frequencies depend on a sequence's length, since each token's are those of the sequence up to it, and a step takes a sequence's rows with
    /// those of its last.
    /// </summary>
    public bool CanSpeculate => !_engine.Spec.Rope.DependsOnLength;

    /// <summary>Sequences in flight on one seat.</summary>
    public int SlotsPerSeat { get; }

    /// <summary>Answers that further ones to the same prompts are drafted from; <see cref="Run"/> adds its own.</summary>
    internal DraftStore Drafts { get; } = new();

    /// <summary>Gives what generating took since the last time, on all seats; none may be at work.</summary>
    public GenerationCounts TakeCounts()
    {
        GenerationCounts sum = default;
        foreach (GenerationCounts counts in _counts) sum += counts;
        Array.Clear(_counts);
        return sum;
    }

    /// <summary>Rows that prompts have taken so far, over all seats.</summary>
    public long PromptRows => Interlocked.Read(ref _promptRows);

    /// <summary>Tokens of prompts so far that took no row, since a slot held them already: prompts that begin alike are computed once as far as they do.</summary>
    public long SharedTokens => Interlocked.Read(ref _sharedTokens);

    /// <summary>Whether prompts share what they have in common; a matter of speed only.</summary>
    internal bool SharesPrefixes { get; init; }

    /// <summary>Makes room for prompts of up to <paramref name="longestPrompt"/> tokens on every seat; comes before <see cref="Run"/>.</summary>
    /// <exception cref="EvoluteInputException">Prompt and new tokens do not fit the model's window.</exception>
    public void Reserve(int longestPrompt, int maxNewTokens)
    {
        if (_engine.Spec.EncoderDecoder is not null)
        {
            TokenWindow.CheckSides(_engine.Spec, longestPrompt, maxNewTokens);
            // The decoder's inputs are the start token and all of its own but the last.
            _engine.Reserve(SlotsPerSeat, maxNewTokens, SlotsPerSeat + PrefillRows, longestPrompt);
            return;
        }
        int window = _engine.Spec.MaxPositions;
        if (longestPrompt >= window)
            throw new EvoluteInputException($"A prompt has {longestPrompt} tokens, and the model's window is {window}; shorten the prompt.");
        if (longestPrompt + maxNewTokens > window)
            throw new EvoluteInputException(
                $"A prompt of {longestPrompt} tokens and --max-new-tokens {maxNewTokens} do not fit the model's window of {window}; lower --max-new-tokens to {window - longestPrompt} or shorten the prompt.");
        _engine.Reserve(SlotsPerSeat, longestPrompt + maxNewTokens, SlotsPerSeat + PrefillRows);
    }

    /// <summary>Continues every prompt on one seat, whose working weights are prepared; different seats may run at once.</summary>
    /// <param name="seat">The engine's seat.</param>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="settings">How to go on and when to end.</param>
    /// <param name="draws">Where random numbers come from; matters for sampling only.</param>
    /// <param name="completed">Told of every completion, by the prompt's index, as it comes.</param>
    /// <param name="streamed">Told of new text, by the prompt's index, as it comes.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The completions in the order of the prompts.</returns>
    /// <exception cref="EvoluteInputException">A prompt is empty, or a setting is out of range.</exception>
    public Completion[] Run(
        int seat, IReadOnlyList<int[]> prompts, GenerationSettings settings, TokenDraws draws,
        Action<int, Completion>? completed = null, Action<int, string>? streamed = null, CancellationToken stop = default)
    {
        var results = new Completion[prompts.Count];
        bool given = false;
        RunMembers(seat, 1, Prompts, settings, Completed, streamed, stop);
        return results;

        IReadOnlyList<MemberPrompt> Prompts(int place)
        {
            if (given) return [];
            given = true;
            return [.. prompts.Select((ids, i) => new MemberPrompt(ids, i, draws))];
        }

        void Completed(int index, Completion completion)
        {
            results[index] = completion;
            completed?.Invoke(index, completion);
        }
    }

    /// <summary>Continues the prompts of members that one seat prepares one after another and holds several of at once, in one batch that goes on until the last.</summary>
    /// <param name="seat">The engine's seat.</param>
    /// <param name="places">Members that the seat holds at once.</param>
    /// <param name="next">Prepares the next member in a place and gives its prompts; or none when there are no more members.</param>
    /// <param name="settings">How to go on and when to end.</param>
    /// <param name="completed">Told of every completion as it comes, by the prompt's index; prompts are counted as they are given.</param>
    /// <param name="streamed">Told of new text, by the prompt's index, as it comes.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    internal void RunMembers(
        int seat, int places, Func<int, IReadOnlyList<MemberPrompt>> next, GenerationSettings settings,
        Action<int, Completion> completed, Action<int, string>? streamed = null, CancellationToken stop = default)
    {
        settings.Validate();
        PromptQueue queue = new(places, next, alikeTogether: SharesPrefixes && streamed is null);
        Sequence[] all = new Sequence[SlotsPerSeat];
        int used = 0;
        StepBatch batch = new(SlotsPerSeat + PrefillRows) { Sampling = settings.Sampling };
        SpeculationGate? gate = _gates?[seat];
        GenerationCounts counts = default;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            int free = Free(all.AsSpan(0, used));
            queue.Fill(free + all.Length - used);
            if (queue.Done) break;
            for (; free < queue.Waiting && used < all.Length; free++) all[used++] = new(_tokenizer, settings, _engine.Spec.EndTokens);
            ReadOnlySpan<Sequence> slots = all.AsSpan(0, used);
            batch.Clear();
            long clock = gate is null ? 0 : Stopwatch.GetTimestamp();
            if (gate is not null) PlanDrafts(gate, slots, queue);
            AddDecodeRows(batch, slots);
            int decodeRows = batch.Count;
            AddPrefillRows(batch, slots, queue);
            _engine.Step(seat, batch);
            gate?.Measured(batch.Count, batch.Count - decodeRows, Stopwatch.GetElapsedTime(clock).TotalSeconds);
            counts += new GenerationCounts(1, batch.Count, 0, 0);
            for (int row = 0; row < batch.Count; row++)
            {
                if (batch.Outputs[row] != RowOutput.Token) continue;
                Sequence sequence = slots[batch.Slots[row]];
                int prompt = sequence.Prompt, drafted = sequence.Drafted, accepted = 0;
                Completion? completion;
                while (true)
                {
                    int shown = sequence.TextLength, token = batch.Results[row + accepted];
                    completion = sequence.Accept(token);
                    if (streamed is not null && sequence.TextLength > shown) streamed(prompt, sequence.TextFrom(shown));
                    // The next row went on from a draft; it counts if that is what came.
                    if (completion is not null || accepted == drafted || batch.Tokens[row + accepted + 1] != token) break;
                    accepted++;
                }
                row += drafted;
                if (drafted > 0)
                {
                    gate!.Verified(sequence.Drafts.Ground, drafted, accepted);
                    counts += new GenerationCounts(0, 0, drafted, accepted);
                }
                if (completion is null) continue;
                if (sequence.Drafts.Streams is { } streams) Drafts.Add(streams, completion.OutputIds);
                queue.Answered(prompt);
                completed(prompt, completion);
            }
        }
        _counts[seat] += counts;
    }

    private static int Free(ReadOnlySpan<Sequence> slots)
    {
        int free = 0;
        foreach (Sequence s in slots) if (s.Prompt < 0) free++;
        return free;
    }

    private static void AddDecodeRows(StepBatch batch, ReadOnlySpan<Sequence> slots)
    {
        for (int slot = 0; slot < slots.Length; slot++)
        {
            Sequence s = slots[slot];
            if (!s.Decoding) continue;
            int position = s.PromptIds.Length + s.OutputCount - 1;
            batch.Add(s.NewestToken, slot, position, RowOutput.Token, draw: Draw(batch, s), member: s.Place);
            // What a refused draft leaves in the cache is written over before anything sees it: a row sees only positions up to its own.
            for (int i = 1; i <= s.Drafted; i++)
                batch.Add(s.Drafts[i - 1], slot, position + i, RowOutput.Token, draw: Draw(batch, s, i), member: s.Place);
        }
    }

    /// <summary>Drafts take what prompts leave of a step's room.</summary>
    private void PlanDrafts(SpeculationGate gate, ReadOnlySpan<Sequence> slots, PromptQueue queue)
    {
        int prefill = 0, beginning = 0;
        foreach (Sequence s in slots)
        {
            if (s.Prompt < 0 && beginning < queue.Waiting) prefill += _engine.Spec.EncoderDecoder is null ? queue[queue.Peek(beginning++)].Prompt.Ids.Length : 1;
            else if (s.Prompt >= 0 && !s.Decoding) prefill += s.PromptIds.Length - s.Prefilled;
        }
        gate.Plan(slots, prefill, Math.Max(0, PrefillRows - prefill));
    }

    /// <summary>Fills the rest of the step with prompts, begun ones first.</summary>
    private void AddPrefillRows(StepBatch batch, ReadOnlySpan<Sequence> slots, PromptQueue queue)
    {
        for (int slot = 0; slot < slots.Length; slot++)
            if (slots[slot].Prompt >= 0 && !slots[slot].Decoding) AddPromptRows(batch, slots[slot], slot);
        for (int slot = 0; slot < slots.Length && queue.Waiting > 0 && batch.Count < batch.Capacity; slot++)
        {
            if (slots[slot].Prompt >= 0) continue;
            int index = queue.Take();
            Begin(batch, slots, slot, index, queue[index]);
            AddPromptRows(batch, slots[slot], slot);
        }
    }

    /// <summary>Begins a prompt in a free slot, after what the slot still holds of it or another one holds and gives.</summary>
    private void Begin(StepBatch batch, ReadOnlySpan<Sequence> slots, int slot, int index, QueuedPrompt prompt)
    {
        int[] ids = prompt.Prompt.Ids;
        DraftStreams? drafts = _gates is null ? null : Drafts.Of(ids);
        if (_engine.Spec.EncoderDecoder is { } sides)
        {
            // The prompt is all the encoder's; what the decoder goes on from is its start token.
            batch.Inputs.Add(new(slot, ids));
            slots[slot].Begin(index, [sides.DecoderStartToken], drafts: drafts, source: prompt);
            return;
        }
        int held = 0;
        if (SharesPrefixes)
        {
            // The last token is an input in any case, for what comes after it.
            ReadOnlySpan<int> sharable = ids.AsSpan(0, ids.Length - 1);
            held = slots[slot].HeldOf(sharable, prompt.Member);
            int own = held, giver = slot;
            for (int other = 0; other < slots.Length && held < sharable.Length; other++)
            {
                // A free slot may be overwritten in this very step.
                if (slots[other].Prompt >= 0 && slots[other].HeldOf(sharable, prompt.Member) is int given && given > held) (held, giver) = (given, other);
            }
            if (giver != slot) batch.Shares.Add(new(giver, slot, own, held));
        }
        slots[slot].Begin(index, ids, held, drafts, prompt);
        Interlocked.Add(ref _sharedTokens, held);
    }

    /// <summary>Adds as much of a begun prompt as there is room for.</summary>
    private void AddPromptRows(StepBatch batch, Sequence s, int slot)
    {
        int end = Math.Min(s.PromptIds.Length, s.Prefilled + batch.Capacity - batch.Count);
        Interlocked.Add(ref _promptRows, end - s.Prefilled);
        for (; s.Prefilled < end; s.Prefilled++)
        {
            bool last = s.Prefilled == s.PromptIds.Length - 1;
            batch.Add(
                s.PromptIds[s.Prefilled], slot, s.Prefilled, last ? RowOutput.Token : RowOutput.None,
                draw: last ? Draw(batch, s) : 0, length: s.PromptIds.Length, member: s.Place);
        }
    }

    private static double Draw(StepBatch batch, Sequence s, int ahead = 0) =>
        batch.Sampling.IsGreedy ? 0 : s.Draw(s.OutputCount + ahead);
}
