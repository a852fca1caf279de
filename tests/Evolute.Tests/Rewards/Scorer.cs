using System.Globalization;

namespace Evolute.Tests.Rewards;

/// <summary>A scorer in the shell that does what a response's text says; otherwise it gives the response's length.</summary>
internal sealed class Scorer : IDisposable
{
    private const string Script = """
        echo $$ >>PIDS
        answer() { printf '{"id":%s,"reward":%s}\n' "$1" "$2"; }
        held=
        while IFS= read -r line; do
          id=${line#*\"id\":}; id=${id%%,*}
          response=${line#*\"response\":\"}; response=${response%%\"*}
          case $response in
            hang*) sleep 1000 & echo $! >>PIDS; wait;;
            crash*) echo "scorer: no more" >&2; exit 3;;
            flood*) head -c 3000000 /dev/zero | tr '\0' x >&2; answer $id 5;;
            twice*) answer $id 1; answer $id 2;;
            nan*) answer $id NaN;;
            word*) answer $id '"much"';;
            unknown*) answer 999999 1; answer $id 1;;
            garbage*) echo "Loading model…"; answer $id 1;;
            long*) head -c 2000000 /dev/zero | tr '\0' x; echo; answer $id 1;;
            hold*) held=$id;;
            release*) answer $id 20; answer $held 10;;
            null*) answer $id null;;
            parts*) printf '{"id":%s,"reward":2,"parts":{"a":0.5,"b":1.5},"correct":true}\n' $id;;
            *) answer $id ${#response};;
          esac
        done
        """;

    private readonly TempFolder _folder = new();

    public Scorer() => File.WriteAllText(Path, Script.Replace("PIDS", Pids, StringComparison.Ordinal).ReplaceLineEndings("\n"));

    public string Path => System.IO.Path.Combine(_folder.Path, "scorer.sh");

    public string Command => $"sh {Path}";

    private string Pids => System.IO.Path.Combine(_folder.Path, "pids");

    /// <summary>Processes that were started: the scorer's own, and what it started.</summary>
    public int[] Started => [.. File.ReadAllLines(Pids).Select(p => int.Parse(p, CultureInfo.InvariantCulture))];

    /// <summary>All of them come to their end: one that was killed may have to wait for a processor to die on.</summary>
    public void AssertGone()
    {
        SpinWait.SpinUntil(() => !Started.Any(IsAlive), TimeSpan.FromSeconds(20));
        Assert.DoesNotContain(Started, IsAlive);
    }

    public void Dispose() => _folder.Dispose();

    // A process that has ended and that nobody has asked about is still listed, as a zombie.
    private static bool IsAlive(int pid)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{pid}/stat");
            return status[(status.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
