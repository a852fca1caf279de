using System.Runtime.InteropServices;
using Evolute.Engines.Cpu;
using Evolute.Noise;

namespace Evolute.Cli.Bench;

/// <summary>The work on weights that is no forward pass: normals, packing with and without them, the checksum.</summary>
internal static unsafe class NoiseStage
{
    private const int BufferFloats = 1 << 14, Rounds = 512;

    /// <summary>The rows.</summary>
    public static IEnumerable<BenchRow> Rows(CountedEngine engine, StageTiming timing, int threads)
    {
        timing.Begin("noise, packing and checksum");
        foreach (BenchRow row in Normals(timing, threads)) yield return row;

        OperationCount packing = new(0, engine.PackingBytes * engine.Seats, 0, 0), summing = new(0, sizeof(float) * engine.Weights.ParameterCount, 0, 0);
        yield return Row("packing", packing, () => engine.RunSeats(seat => engine.Prepare(seat, null, 0)));
        BenchRow noisy = Row("packing-with-noise", packing, () => engine.RunSeats(seat => engine.Prepare(seat, new Perturbation(1, 1, (uint)seat), 0.001f)));
        yield return noisy with { NsPerNormalPerCore = noisy.Seconds * threads * 1e9 / ((double)engine.PackedElements * engine.Seats) };
        yield return Row("checksum", summing, () => engine.Checksum());

        BenchRow Row(string name, OperationCount work, Action body)
        {
            body();
            List<StageSample> samples = [];
            LimitReading limits = timing.Repeat(work.Bytes, () => samples.Add(new(StageTiming.Seconds(body), work, 0)));
            return BenchRow.Of(name, null, samples, limits);
        }
    }

    /// <summary>Normals into, and on top of, a buffer that stays in the second-level cache, on all threads at once.</summary>
    private static List<BenchRow> Normals(StageTiming timing, int threads)
    {
        float* buffers = (float*)NativeMemory.AlignedAlloc((nuint)threads * BufferFloats * sizeof(float), 64);
        try
        {
            NativeMemory.Clear(buffers, (nuint)threads * BufferFloats * sizeof(float));
            using ThreadTeam team = new(threads);
            NoiseKey key = new Perturbation(1, 1, 0).Key;
            return
            [
                Row("noise-fill", (member, start) => Noise.Normals.Fill(key, (ulong)member, start, new Span<float>(buffers + member * BufferFloats, BufferFloats))),
                Row("noise-add-scaled", (member, start) => Noise.Normals.AddScaled(key, (ulong)member, start, 0.001f, buffers + member * BufferFloats, buffers + member * BufferFloats, BufferFloats)),
            ];

            BenchRow Row(string name, Action<int, long> piece)
            {
                Action body = () => team.Run(member =>
                {
                    for (int round = 0; round < Rounds; round++) piece(member, (long)round * BufferFloats);
                });
                body();
                List<StageSample> samples = [];
                LimitReading limits = timing.Repeat((long)threads * BufferFloats * sizeof(float), () => samples.Add(new(StageTiming.Seconds(body), default, 0)));
                BenchRow row = BenchRow.Of(name, null, samples, limits);
                return row with { NsPerNormalPerCore = row.Seconds * 1e9 / ((double)BufferFloats * Rounds) };
            }
        }
        finally
        {
            NativeMemory.AlignedFree(buffers);
        }
    }
}
