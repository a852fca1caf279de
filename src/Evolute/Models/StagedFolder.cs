namespace Evolute.Models;

/// <summary>
/// A folder that becomes visible complete or not at all: its files are written into a hidden folder beside it, each waited
/// for until its disk has it, and then one rename gives it its name. What a crash leaves behind is removed when the next folder is
/// written beside it.
/// </summary>
internal sealed class StagedFolder : IDisposable
{
    /// <summary>Held open, and so locked, while a folder is being written: tells a live writer from a dead one's leftovers.</summary>
    private const string LockName = ".writing";
    private const string ReplacedSuffix = ".evolute-replaced";

    private readonly string _target;
    private readonly string _shown;
    private readonly string _partial;
    private readonly string _replaced;
    private readonly bool _replace;
    private readonly Func<string, Stream> _open;
    private readonly FileStream _lock;
    private readonly List<StoredFile> _files = [];
    private bool _committed;

    private StagedFolder(string target, string shown, bool replace, Func<string, Stream> open)
    {
        (_target, _shown, _replace, _open) = (target, shown, replace, open);
        _partial = DurableFile.PartialName(target);
        _replaced = ReplacedName(target);
        Directory.CreateDirectory(_partial);
        _lock = new FileStream(Path.Combine(_partial, LockName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>The files written so far.</summary>
    public IReadOnlyList<StoredFile> Files => _files;

    /// <summary>Starts a folder after cleaning up behind writers that died.</summary>
    /// <param name="target">The folder's name.</param>
    /// <param name="replace">Whether a folder of that name may give way; only one that was written like this.</param>
    /// <param name="open">Creates a file: <see cref="DurableFile.Open"/>, but for tests of faults.</param>
    /// <exception cref="EvoluteInputException">The name is taken, or another process is writing the same folder.</exception>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses.</exception>
    public static StagedFolder Begin(string target, bool replace, Func<string, Stream> open)
    {
        if (target.Length == 0) throw new EvoluteInputException("A folder to be written needs a name, and an empty text is none.");
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        string parent = Path.GetDirectoryName(full) ?? throw new EvoluteInputException($"{target}: this is no name for a new folder.");
        try
        {
            Directory.CreateDirectory(parent);
            RecoverReplaced(full);
            CheckTarget(full, target, replace);
            foreach (string leftover in Directory.EnumerateDirectories(parent, ".*" + DurableFile.PartialSuffix).Where(HasLock)) RemoveIfDead(leftover);
            // Without a lock it is what a process left that died between making the folder and locking it.
            string partial = DurableFile.PartialName(full);
            if (HasLock(partial)) throw new EvoluteInputException($"{target}: another process is writing this folder; wait for it, or name another folder.");
            RemoveIfDead(partial);
            return new StagedFolder(full, target, replace, open);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            RemoveIfDead(DurableFile.PartialName(full));
            throw WriteFault.Of(target, e);
        }
    }

    /// <summary>Writes one file.</summary>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses.</exception>
    public void Add(string name, Action<Stream> write)
    {
        DurableFile.Create(Path.Combine(_partial, name), Path.Combine(_shown, name), Checked, _open);

        void Checked(Stream stream)
        {
            using ChecksumStream hashed = new(stream);
            write(hashed);
            _files.Add(new StoredFile(name, hashed.Length, hashed.Checksum));
        }
    }

    /// <summary>Writes one file whose content is at hand.</summary>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses.</exception>
    public void Add(string name, byte[] content) => Add(name, stream => stream.Write(content));

    /// <summary>Gives the folder its name.</summary>
    /// <exception cref="EvoluteInputException">The name was taken meanwhile.</exception>
    /// <exception cref="EvoluteFaultException">The disk refuses; what stood under that name is still there.</exception>
    public void Commit()
    {
        try
        {
            // Windows renames no folder with an open file. Elsewhere the lock is held until the folder has its name, so that nobody takes it for a dead one's.
            if (OperatingSystem.IsWindows()) RemoveLock(_partial);
            DirectorySync.Flush(_partial);
            Rename();
            _committed = true;
            RemoveLock(_target);
            DirectorySync.Flush(Path.GetDirectoryName(_target)!);
            if (Directory.Exists(_replaced)) Directory.Delete(_replaced, recursive: true);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(_shown, e);
        }
    }

    /// <summary>Removes everything if the folder did not get its name.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (_committed) return;
        try
        {
            Directory.Delete(_partial, recursive: true);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            // The next writer beside it cleans up.
        }
    }

    private void Rename()
    {
        if (!Path.Exists(_target))
        {
            Directory.Move(_partial, _target);
            return;
        }
        CheckTarget(_target, _shown, _replace);
        Directory.Move(_target, _replaced);
        try
        {
            Directory.Move(_partial, _target);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            Directory.Move(_replaced, _target);
            throw;
        }
    }

    private static string ReplacedName(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, "." + Path.GetFileName(target) + ReplacedSuffix);

    /// <summary>Mends what a crash between the two renames of a replacement leaves: the old folder takes its name back.</summary>
    private static void RecoverReplaced(string target)
    {
        string replaced = ReplacedName(target);
        if (!Directory.Exists(replaced)) return;
        if (Directory.Exists(target)) Directory.Delete(replaced, recursive: true);
        else Directory.Move(replaced, target);
    }

    private static void CheckTarget(string target, string shown, bool replace)
    {
        if (!Path.Exists(target)) return;
        if (!replace) throw new EvoluteInputException($"{shown}: this is there already; name another folder, or remove it first.");
        if (!File.Exists(Path.Combine(target, CheckpointManifest.FileName)))
            throw new EvoluteInputException($"{shown}: this was not written by Evolute (it has no {CheckpointManifest.FileName}), so it is not replaced; name another folder, or remove it first.");
    }

    private static bool HasLock(string folder) => File.Exists(Path.Combine(folder, LockName));

    private void RemoveLock(string folder)
    {
        _lock.Dispose();
        File.Delete(Path.Combine(folder, LockName));
    }

    private static void RemoveIfDead(string folder)
    {
        try
        {
            if (HasLock(folder)) new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            // Its writer lives, or the folder is not ours to remove.
        }
    }
}
