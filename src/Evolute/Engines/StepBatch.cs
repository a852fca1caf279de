namespace Evolute.Engines;

/// <summary>What a row of a step is asked for.</summary>
public enum RowOutput : byte
{
    /// <summary>Nothing: the row only extends its sequence.</summary>
    None,

    /// <summary>The next token, into <see cref="StepBatch.Results"/>.</summary>
    Token,

    /// <summary>The natural log-probability of the row's <see cref="StepBatch.Targets"/>, into <see cref="StepBatch.LogProbabilities"/>.</summary>
    LogProbability,

    /// <summary>All logits [V], into <see cref="StepBatch.Logits"/>.</summary>
    Logits,
}

/// <summary>
/// The rows of one step, prefill chunks and decode rows mixed: one token of one sequence a row. Rows of a sequence stand together, in order of
/// their positions, and follow on what the slot holds up to the first of them, which <see cref="Shares"/> may give it; what it held beyond is forgotten.
/// </summary>
public sealed class StepBatch
{
    /// <summary>An empty batch with room for so many rows.</summary>
    public StepBatch(int capacity)
    {
        Tokens = new int[capacity];
        Slots = new int[capacity];
        Positions = new int[capacity];
        Lengths = new int[capacity];
        Members = new int[capacity];
        Outputs = new RowOutput[capacity];
        Targets = new int[capacity];
        Draws = new double[capacity];
        Results = new int[capacity];
        LogProbabilities = new float[capacity];
    }

    /// <summary>Rows it has room for.</summary>
    public int Capacity => Tokens.Length;

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>Input token of each row.</summary>
    public int[] Tokens { get; }

    /// <summary>Slot of each row.</summary>
    public int[] Slots { get; }

    /// <summary>Position of each row's token in its sequence, from 0.</summary>
    public int[] Positions { get; }

    /// <summary>
    /// Tokens that the row's sequence is known to have, those of later steps among them; matters only to models whose rotary frequencies depend on it.
    /// What has come counts at least.
    /// </summary>
    public int[] Lengths { get; }

    /// <summary>Which of the members that the seat holds each row belongs to; all rows of a slot's sequence are one member's.</summary>
    public int[] Members { get; }

    /// <summary>What each row is asked for.</summary>
    public RowOutput[] Outputs { get; }

    /// <summary>For <see cref="RowOutput.LogProbability"/>: the token asked about.</summary>
    public int[] Targets { get; }

    /// <summary>For <see cref="RowOutput.Token"/> when sampling: a uniform number in [0, 1).</summary>
    public double[] Draws { get; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingSettings Sampling { get; set; } = SamplingSettings.Greedy;

    /// <summary>Out: the tokens chosen.</summary>
    public int[] Results { get; }

    /// <summary>Out: the log-probabilities.</summary>
    public float[] LogProbabilities { get; }

    /// <summary>Out: for rows that ask for them, [V] logits each, in row order.</summary>
    public List<float[]> Logits { get; } = [];

    /// <summary>
    /// For models with an encoder: inputs that it reads before the rows run, at most one a slot. A slot's rows attend to its newest input, whose bits are those
    /// of the weights that the seat had then.
    /// </summary>
    public List<EncoderInput> Inputs { get; } = [];

    /// <summary>
    /// What slots take over from others before their rows attend to it, in this order, so that a slot may give on what it was given. A slot that gives may have
    /// come by it through the step's own rows. Not for models with an encoder or whose rotary frequencies depend on the length of the sequence.
    /// </summary>
    public List<PrefixShare> Shares { get; } = [];

    /// <summary>Forgets all rows, shares, inputs and logits.</summary>
    public void Clear()
    {
        Count = 0;
        Shares.Clear();
        Inputs.Clear();
        Logits.Clear();
    }

    /// <summary>Appends a row; returns its index.</summary>
    public int Add(int token, int slot, int position, RowOutput output = RowOutput.None, int target = 0, double draw = 0, int length = 0, int member = 0)
    {
        int row = Count++;
        Tokens[row] = token;
        Slots[row] = slot;
        Positions[row] = position;
        Lengths[row] = length;
        Members[row] = member;
        Outputs[row] = output;
        Targets[row] = target;
        Draws[row] = draw;
        return row;
    }
}
