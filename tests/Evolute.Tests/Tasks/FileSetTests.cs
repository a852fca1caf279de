namespace Evolute.Tests.Tasks;

/// <summary>Which files are shards of one dataset.</summary>
public sealed class FileSetTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Names_are_put_together_by_what_they_are_shards_of()
    {
        IReadOnlyList<FileSet> sets = FileSet.Of([
            "b/train-00001-of-00002.parquet", "rows.jsonl", "b/train-00000-of-00002.parquet", "a/train-00000-of-00001.parquet", "train-1-of-2.jsonl",
            "c/x-00000-of-00002-0123456789abcdef.parquet", "c/x-00001-of-00002-fedcba9876543210.parquet", "d/y-00000-of-00003.jsonl", "d/y-00002-of-00003.jsonl", "d/y-00000-of-00003.json",
        ]);
        Assert.Equal(
            [
                ("a/train-00000-of-00001.parquet", "a/train", "a/train-00000-of-00001.parquet", 1, null),
                ("b/train", "b/train", "b/train-*-of-00002.parquet", 2, null),
                ("c/x", "c/x", "c/x-*-of-00002-*.parquet", 2, null),
                ("d/y", "d/y", "d/y-*-of-00003.json", 1, "d/y-00001-of-00003.json"),
                ("d/y", "d/y", "d/y-*-of-00003.jsonl", 2, "d/y-00001-of-00003.jsonl"),
                ("rows.jsonl", "rows.jsonl", "rows.jsonl", 1, null),
                ("train-1-of-2.jsonl", "train-1-of-2.jsonl", "train-1-of-2.jsonl", 1, null),
            ],
            sets.Select(s => (s.Name, s.Stem, s.Pattern, s.Files.Count, s.Missing)));
        Assert.Equal(["b/train-00000-of-00002.parquet", "b/train-00001-of-00002.parquet"], sets[1].Files);
    }

    [Fact]
    public void A_star_stands_for_files_on_the_disk_in_their_order()
    {
        foreach (string name in (string[])["part-b.jsonl", "part-a.jsonl", "other.jsonl"]) File.WriteAllText(_temp[name], "");
        Assert.Equal([_temp["part-a.jsonl"], _temp["part-b.jsonl"]], FileSet.OnDisk(_temp["part-*.jsonl"]));
        Assert.Equal([_temp["other.jsonl"]], FileSet.OnDisk(_temp["other.jsonl"]));
        Assert.Equal($"{_temp["x-*.jsonl"]}: there is no such dataset.", Assert.Throws<EvoluteInputException>(() => FileSet.OnDisk(_temp["x-*.jsonl"])).Message);
        File.WriteAllText(_temp["s-00001-of-00002.jsonl"], "");
        Assert.Equal(
            $"{_temp["s-*.jsonl"]}: the shard s-00000-of-00002.jsonl is not there; bring it, or name the files that are.", Assert.Throws<EvoluteInputException>(() => FileSet.OnDisk(_temp["s-*.jsonl"])).Message);
    }
}
