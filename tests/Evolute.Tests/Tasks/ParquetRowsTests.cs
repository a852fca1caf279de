using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Evolute.Tasks;
using Evolute.Tasks.Data;
using Parquet;
using Parquet.Serialization;

namespace Evolute.Tests.Tasks;

public sealed class ParquetRowsTests : IDisposable
{
    private static readonly Gen<string?> Text = Gen.String[Gen.Char["aé\n\"中"], 0, 5].Null();
    private static readonly Gen<Turn> AnyTurn = Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 4], Text).Select((role, content) => new Turn { role = role, content = content });
    private static readonly Gen<Row> AnyRow = Gen.Select(
        Text, Gen.Select(Gen.Int.Nullable(), Gen.Long, Gen.Bool.Nullable(), Gen.Double[-1e6, 1e6].Nullable()), AnyTurn.List[0, 3].Null(), Gen.String[Gen.Char['a', 'z'], 0, 3].List[0, 3].Null(), AnyTurn.Null(),
        Gen.Int.List[0, 3].Select(l => new Numbers { numbers = l }).List[0, 2].Null())
        .Select((text, scalars, turns, list, turn, nested) => new Row
        {
            text = text,
            whole = scalars.Item1,
            large = scalars.Item2,
            truth = scalars.Item3,
            real = scalars.Item4,
            messages = turns,
            list = list,
            turn = turn,
            nested = nested,
        });

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Rows_are_those_of_the_same_data_as_JSONL() => Gen.Select(AnyRow.List[1, 12], Gen.Int[1, 5]).Sample((rows, group) =>
    {
        byte[] file = Write(rows, group);
        string[] expected = [.. rows.Select(row => Normal(JsonSerializer.SerializeToElement(row)))];
        Assert.Equal(expected, Read(file).Select(Normal));
    }, iter: 60);

    [Fact]
    public void A_task_reads_them_as_it_reads_JSONL()
    {
        Question[] rows = [.. Enumerable.Range(0, 60).Select(i => new Question { question = FormattableString.Invariant($"What is {i} + 1?"), answer = i + 1 })];
        File.WriteAllBytes(_temp["q.parquet"], Write(rows, 7));
        File.WriteAllLines(_temp["q.jsonl"], rows.Select(r => JsonSerializer.Serialize(r)));
        foreach (TaskSplit split in Enum.GetValues<TaskSplit>())
            Assert.Equal(Problems("q.jsonl", split), Problems("q.parquet", split));

        string[] Problems(string name, TaskSplit split)
        {
            TuningTask task = TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = _temp[name] });
            return [.. task.Problems(split, task.Count(split)!.Value, 3).Select(p => p.Prompt + JsonSerializer.Serialize(p.Columns))];
        }
    }

    [Fact]
    public void Bad_rows_are_named_with_their_columns()
    {
        File.WriteAllBytes(_temp["bad.parquet"], Write([new Question { question = "a", answer = 1 }, new Question { question = null, answer = 1 }, new Question { question = "b", answer = null }], 2));
        string message = Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = _temp["bad.parquet"] }).Count(TaskSplit.Train)).Message;
        Assert.Equal(
            $"{_temp["bad.parquet"]}, row 2: column 'question' is null and stands in the prompt.\n{_temp["bad.parquet"]}, row 3: column 'answer' must be a string, not null.", message);
    }

    [Fact]
    public void A_file_that_is_cut_or_changed_anywhere_is_read_or_refused_in_a_sentence()
    {
        byte[] file = Write(Enumerable.Range(0, 20).Select(i => new Row { text = "text", whole = i, messages = [new Turn { role = "user", content = "hello" }], list = ["x"] }).ToList(), 10);
        for (int length = 0; length < file.Length; length += 100) Assert.True(IsRefused(file[..length]), $"cut to {length}");
        Random random = new(7);
        int refused = 0;
        for (int at = 0; at < file.Length; at += 7)
        {
            byte[] changed = [.. file];
            changed[at] ^= (byte)(1 << random.Next(8));
            if (IsRefused(changed)) refused++;
        }
        Assert.True(refused > 20, $"{refused}");
    }

    [Theory]
    [InlineData("", "it is too short")]
    [InlineData("PAR1 no parquet at all", "it does not end as one does")]
    [InlineData("PAR1abcd\u007f\u007f\u007f\u007fPAR1", "its description is larger than it can be")]
    public void What_is_no_Parquet_file_is_said_so(string text, string why) => Assert.Equal(
        $"t.parquet cannot be read as a Parquet file: {why}; write it again, or convert it to JSONL.", Assert.Throws<EvoluteInputException>(() => Read(Encoding.Latin1.GetBytes(text))).Message);

    [Fact]
    public void Columns_in_columns_without_end_are_refused_before_anything_recurses()
    {
        // Version 1; then a list of elements, each named a and with one child.
        List<byte> footer = [0x15, 2, 0x19, 0xFC, 0xF0, 0x2E];
        for (int i = 0; i < 6000; i++) footer.AddRange([0x48, 1, (byte)'a', 0x15, 2, 0]);
        footer.Add(0);
        byte[] file = [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Count), .. "PAR1"u8];
        Assert.Contains("deeper than 32", Assert.Throws<EvoluteInputException>(() => Read(file)).Message);
        foreach (int length in Enumerable.Range(0, 60)) Assert.True(IsRefused([.. "PAR1"u8, .. footer[..length], .. BitConverter.GetBytes(length), .. "PAR1"u8]));
    }

    private static bool IsRefused(byte[] file)
    {
        try
        {
            Read(file);
            return false;
        }
        catch (EvoluteInputException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            return true;
        }
    }

    private static JsonElement[] Read(byte[] file)
    {
        using MemoryStream stream = new(file);
        return [.. ParquetRows.Read(stream, "t.parquet").Select(row => row.Read())];
    }

    private static string Normal(JsonElement row) => row.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', row.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}:{Normal(p.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', row.EnumerateArray().Select(Normal)) + "]",
        JsonValueKind.Number => row.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonSerializer.Serialize(row.GetString()),
        _ => row.GetRawText(),
    };

    private static byte[] Write<T>(IReadOnlyList<T> rows, int group) where T : class
    {
        using MemoryStream stream = new();
        ParquetSerializer.SerializeAsync(rows, stream, new ParquetOptions { RowGroupSize = group }).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    // Names as they stand in files.
#pragma warning disable IDE1006, CA1051
    internal sealed class Turn
    {
        public string role { get; set; } = "";
        public string? content { get; set; }
    }

    internal sealed class Numbers
    {
        public List<int>? numbers { get; set; }
    }

    internal sealed class Question
    {
        public string? question { get; set; }
        public int? answer { get; set; }
    }

    internal sealed class Row
    {
        public string? text { get; set; }
        public int? whole { get; set; }
        public long large { get; set; }
        public bool? truth { get; set; }
        public double? real { get; set; }
        public List<Turn>? messages { get; set; }
        public List<string>? list { get; set; }
        public Turn? turn { get; set; }
        public List<Numbers>? nested { get; set; }
    }
#pragma warning restore IDE1006, CA1051
}
