using Evolute.Models;

namespace Evolute.Tests.Models;

public class ModelWriterFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_full_disk_at_any_write_leaves_what_was_there(bool replace)
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable old = TinyModel.Weights(source.Spec, seed: 1), tuned = TinyModel.Weights(source.Spec, seed: 2);
        string before = ModelWriter.Write(temp["out"], source, old, "old");
        string target = replace ? temp["out"] : temp["next"];

        int operations = Write(int.MaxValue).Count;
        Assert.InRange(operations, 40, 200);
        if (!replace) Directory.Delete(target, recursive: true);
        else ModelWriter.Write(target, source, old, "old", new() { Replace = true });
        for (int i = 0; i < operations; i++)
        {
            var fault = Assert.Throws<EvoluteFaultException>(() => Write(i));
            Assert.StartsWith(target + Path.DirectorySeparatorChar, fault.Message);
            Assert.Contains("the disk is full; free space", fault.Message);
            Assert.Equal(["base", "out"], Directory.EnumerateFileSystemEntries(temp.Path).Select(p => Path.GetFileName(p)!).Order());
            Assert.Equal(before, CheckpointValidity.Check(temp["out"]).WeightsSha256);
        }

        FaultyFiles Write(int failAt)
        {
            FaultyFiles files = new(failAt);
            ModelWriter.Write(target, source, tuned, "new", new() { Replace = replace, MaxShardBytes = 4000, OpenFile = files.Open });
            return files;
        }
    }

    [Fact]
    public void A_file_that_cannot_be_replaced_stays()
    {
        using TempFolder temp = new();
        DurableFile.Replace(temp["a"], stream => stream.Write("old"u8));
        for (int i = 0; i < 3; i++)
        {
            FaultyFiles files = new(i);
            var fault = Assert.Throws<EvoluteFaultException>(() => DurableFile.Replace(temp["a"], stream => stream.Write("new"u8), files.Open));
            Assert.StartsWith(temp["a"], fault.Message);
            Assert.Equal("old", File.ReadAllText(temp["a"]));
            Assert.Equal([temp["a"]], Directory.EnumerateFileSystemEntries(temp.Path));
        }
        DurableFile.Replace(temp["a"], stream => stream.Write("new"u8), new FaultyFiles(3).Open);
        Assert.Equal("new", File.ReadAllText(temp["a"]));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(40)]
    public void A_really_full_disk_is_named_and_left_clean(int kilobytes)
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        using SmallDisk disk = SmallDisk.Mount(temp["disk"], kilobytes);
        File.WriteAllText(disk["kept"], "as it was");
        var fault = Assert.Throws<EvoluteFaultException>(() => ModelWriter.Write(disk["out"], source, weights, "card"));
        Assert.Contains("the disk is full; free space", fault.Message);
        Assert.StartsWith(disk["out"], fault.Message);
        Assert.Equal([disk["kept"]], Directory.EnumerateFileSystemEntries(disk.Path));
        Assert.Equal("as it was", File.ReadAllText(disk["kept"]));
    }

    [Fact]
    public void Leftovers_of_a_crash_are_removed_by_the_next_write_and_those_of_a_live_writer_are_not()
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        Directory.CreateDirectory(temp[".000010.evolute-partial"]);
        Directory.CreateDirectory(temp[".download.partial"]);
        File.WriteAllText(Path.Combine(temp[".000010.evolute-partial"], ".writing"), "");
        using StagedFolder live = StagedFolder.Begin(temp["000020"], replace: false, DurableFile.Open);
        ModelWriter.Write(temp["000030"], source, weights, "card");
        Assert.False(Directory.Exists(temp[".000010.evolute-partial"]));
        Assert.True(Directory.Exists(temp[".000020.evolute-partial"]));
        Assert.True(Directory.Exists(temp[".download.partial"]));
        var fault = Assert.Throws<EvoluteInputException>(() => ModelWriter.Write(temp["000020"], source, weights, "card"));
        Assert.Contains("another process is writing", fault.Message);
        live.Commit();
        Assert.Empty(Directory.EnumerateFileSystemEntries(temp["000020"]));
    }

    [Fact]
    public void A_name_that_is_taken_while_a_folder_is_written_stays_with_who_took_it()
    {
        using TempFolder temp = new();
        using (StagedFolder late = StagedFolder.Begin(temp["out"], replace: false, DurableFile.Open))
        {
            Directory.CreateDirectory(temp["out"]);
            Assert.Contains("this is there already", Assert.Throws<EvoluteInputException>(late.Commit).Message);
        }
        Assert.Equal([temp["out"]], Directory.EnumerateFileSystemEntries(temp.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temp["out"]));
    }

    [Fact]
    public void A_crash_in_the_middle_of_a_replacement_is_undone_by_the_next_write()
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        string sha = ModelWriter.Write(temp["final"], source, weights, "card");
        Directory.Move(temp["final"], temp[".final.evolute-replaced"]);
        Assert.Throws<EvoluteInputException>(() => ModelWriter.Write(temp["final"], source, weights, "card"));
        Assert.Equal(sha, CheckpointValidity.Check(temp["final"]).WeightsSha256);
    }
}
