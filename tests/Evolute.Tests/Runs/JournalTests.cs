using System.Text;
using System.Text.Json;
using CsCheck;
using Evolute.Runs;

namespace Evolute.Tests.Runs;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evolute-journal-").FullName;

    private string Path => System.IO.Path.Combine(_folder, Journal.FileName);

    private static readonly JournalEntry[] Entries =
    [
        new RunEntry(1, 1, "countdown", "ab12"),
        new EvaluationEntry(new("test", 0, 3, 1, 0.4, new Dictionary<string, double> { ["answer"] = 1 / 3.0 }, new Dictionary<string, double> { ["attempts"] = 1.5 }, 20, 0)),
        new IterationEntry(
            1, ulong.MaxValue, [0, 1], 0.001, 0.0005, [0.1, 1 / 3.0], new Dictionary<string, IReadOnlyList<double>> { ["answer"] = [0, 1] }, [-1f, 1.0000001f], [3, 4], [0, 0.5], "00ff"),
        new IterationEntry(2, 1, [0, 1], 0.001, 0.0005, [0.1, 0.1], new Dictionary<string, IReadOnlyList<double>>(), null, [3, 4], [0, 0.5], "00ff"),
        new FinalEntry(2, "cd34"),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_read_back_and_every_line_is_json()
    {
        byte[] bytes = WriteAll();
        using Journal journal = Journal.Open(Path);
        Assert.Equal(0, journal.DroppedBytes);
        Assert.Equal(Formatted(Entries), Formatted(journal.Entries));
        foreach (string line in Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n'))
            Assert.Equal(8, JsonDocument.Parse(line).RootElement.GetProperty("crc32c").GetString()!.Length);
    }

    [Fact]
    public void Numbers_keep_their_bits() => Gen.Select(Gen.Double, Gen.Float).Where((d, f) => double.IsFinite(d) && float.IsFinite(f)).Sample((d, f) =>
    {
        IterationEntry entry = new(1, 1, [0], d, d, [d], new Dictionary<string, IReadOnlyList<double>>(), [f], [d], [d], "");
        var read = (IterationEntry)JournalLine.Parse(JournalLine.Format(entry).AsSpan()[..^1])!;
        Assert.Equal(BitConverter.DoubleToInt64Bits(d), BitConverter.DoubleToInt64Bits(read.Rewards[0]));
        Assert.Equal(BitConverter.SingleToInt32Bits(f), BitConverter.SingleToInt32Bits(read.Coefficients![0]));
    });

    [Fact]
    public void The_checksum_is_crc_32c() => Assert.Equal(0xE3069283u, JournalLine.Crc32C("123456789"u8));

    [Fact]
    public void A_torn_last_line_is_dropped_wherever_it_broke_and_the_journal_goes_on()
    {
        byte[] bytes = WriteAll();
        int last = Array.LastIndexOf(bytes, (byte)'\n', bytes.Length - 2) + 1;
        for (int length = last + 1; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(Path, bytes[..length]);
            using (Journal journal = Journal.Open(Path))
            {
                Assert.Equal(length - last, journal.DroppedBytes);
                Assert.Equal(Entries.Length - 1, journal.Entries.Count);
                journal.Append(Entries[^1]);
            }
            Assert.Equal(bytes, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_whole_line_is_refused_by_its_number()
    {
        byte[] bytes = WriteAll();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Int[0, 7]).Sample((at, bit) =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= (byte)(1 << bit);
            // A newline that went or came changes how many lines there are; a last line without one is torn, not damaged.
            if (at == bytes.Length - 1) return;
            int line = 1 + bytes.AsSpan(0, at).Count((byte)'\n');
            string file = System.IO.Path.Combine(_folder, Guid.NewGuid().ToString("N"));
            File.WriteAllBytes(file, damaged);
            EvoluteFaultException e = Assert.Throws<EvoluteFaultException>(() => Journal.Read(file));
            Assert.Contains($"line {line}:", e.Message, StringComparison.Ordinal);
            File.Delete(file);
        }, iter: 1000);
    }

    [Fact]
    public void Lines_that_do_not_follow_on_each_other_are_refused()
    {
        foreach (int missing in (int[])[0, 2])
        {
            EvoluteFaultException e = Assert.Throws<EvoluteFaultException>(() => new RunHistory("journal.jsonl", Entries.Where((_, i) => i != missing)));
            Assert.Contains(missing == 0 ? "line 1:" : "line 3:", e.Message, StringComparison.Ordinal);
        }
        Assert.Throws<EvoluteFaultException>(() => new RunHistory("journal.jsonl", [.. Entries, Entries[^1]]));
    }

    [Fact]
    public void A_journal_is_cut_back_to_its_first_entries()
    {
        WriteAll();
        using (Journal journal = Journal.Open(Path))
        {
            journal.Truncate(3);
            journal.Append(Entries[3]);
        }
        Assert.Equal(Formatted(Entries[..4]), Formatted(Journal.Read(Path)));
    }

    [Fact]
    public void Two_processes_cannot_have_one_folder()
    {
        using RunLock first = RunLock.Take(_folder);
        Assert.Contains(_folder, Assert.Throws<EvoluteInputException>(() => RunLock.Take(_folder)).Message, StringComparison.Ordinal);
    }

    private byte[] WriteAll()
    {
        File.WriteAllBytes(Path, []);
        using (Journal journal = Journal.Open(Path))
            foreach (JournalEntry entry in Entries) journal.Append(entry);
        return File.ReadAllBytes(Path);
    }

    private static string[] Formatted(IEnumerable<JournalEntry> entries) => [.. entries.Select(e => Encoding.UTF8.GetString(JournalLine.Format(e)))];
}
