using Evolute.Models;

namespace Evolute.Tests.Models;

public class CheckpointValidityTests
{
    [Fact]
    public void A_thousand_flipped_bits_are_all_found_and_named()
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        ModelWriter.Write(temp["out"], source, weights, "card", new() { MaxShardBytes = 8000 });
        (string Path, byte[] Bytes)[] files = [.. Directory.EnumerateFiles(temp["out"]).Order(StringComparer.Ordinal).Select(p => (p, File.ReadAllBytes(p)))];
        Random random = new(1);
        for (int i = 0; i < 1000; i++)
        {
            // Files take turns, so that the small ones are hit as often as the large.
            (string path, byte[] bytes) = files[i % files.Length];
            int at = random.Next(bytes.Length);
            byte flip = (byte)(1 << random.Next(8));
            bytes[at] ^= flip;
            File.WriteAllBytes(path, bytes);
            Assert.StartsWith(path, Assert.Throws<EvoluteFaultException>(() => CheckpointValidity.Check(temp["out"])).Message);
            bytes[at] ^= flip;
            File.WriteAllBytes(path, bytes);
        }
        CheckpointValidity.Check(temp["out"]);
    }

    [Fact]
    public void Missing_and_cut_files_are_named()
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        ModelWriter.Write(temp["out"], source, weights, "card");
        foreach (string path in Directory.EnumerateFiles(temp["out"]).ToArray())
        {
            byte[] whole = File.ReadAllBytes(path);
            foreach (int length in (int[])[0, 1, whole.Length / 2, whole.Length - 1])
            {
                File.WriteAllBytes(path, whole[..length]);
                Assert.Contains(path, Assert.Throws<EvoluteFaultException>(() => CheckpointValidity.Check(temp["out"])).Message);
            }
            File.Delete(path);
            Assert.Contains(Path.GetFileName(path), Assert.Throws<EvoluteFaultException>(() => CheckpointValidity.Check(temp["out"])).Message);
            File.WriteAllBytes(path, whole);
        }
        CheckpointValidity.Check(temp["out"]);
    }

    [Fact]
    public void A_folder_without_a_manifest_is_no_complete_checkpoint()
    {
        using TempFolder temp = new();
        TinyModel.Create(temp["base"]);
        Assert.Contains("not a complete checkpoint", Assert.Throws<EvoluteFaultException>(() => CheckpointValidity.Check(temp["base"])).Message);
        Assert.Contains("not a complete checkpoint", Assert.Throws<EvoluteFaultException>(() => CheckpointValidity.Check(temp["nothing"])).Message);
    }
}
