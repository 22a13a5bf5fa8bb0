using System.Buffers;
using System.Globalization;

namespace Fleet.ControlPlane.Storage;

/// <summary>
/// The log of a folder: numbered segments and snapshots. <c>snapshot-N</c> holds everything up to the start of <c>segment-N</c>; what is older is
/// deleted once the snapshot is on disk. At start the newest whole snapshot is loaded, then the segments from its number on; a torn end of the last
/// segment was never acknowledged and is cut off.
/// </summary>
internal sealed class FileLog : IChangeLog
{
    /// <summary>Compaction starts when the segment is as large as what it would be compacted to, and at least this.</summary>
    private const long SmallestSegmentToCompact = 16 << 20;

    private readonly string folder;
    private readonly SecretSeal? seal;
    private readonly ILogger? log;
    private readonly ArrayBufferWriter<byte> buffer = new(64 << 10);
    private ClusterStore? store;
    private FileStream segment;
    private long number;
    private long length;
    private long compactAt = SmallestSegmentToCompact;
    private Task compaction = Task.CompletedTask;

    private FileLog(string folder, FileStream segment, long number, SecretSeal? seal, ILogger? log)
    {
        this.seal = seal;
        this.folder = folder;
        this.segment = segment;
        this.number = number;
        this.log = log;
        length = segment.Length;
    }

    /// <param name="seal">What Secrets are written with. Those that were written before without one are read as well, and are sealed when the log is compacted, which is then due.</param>
    public static FileLog Open(string folder, ILoggerFactory? loggers, SecretSeal? seal = null)
    {
        Directory.CreateDirectory(folder);
        foreach (var unfinished in Directory.EnumerateFiles(folder, "*.new")) File.Delete(unfinished);
        var newest = Math.Max(1, Numbers(folder, "segment").DefaultIfEmpty(1).Max());
        return new(folder, OpenSegment(folder, newest), newest, seal, loggers?.CreateLogger("Fleet.ControlPlane.Storage"));
    }

    /// <summary>Fills the store with what was acknowledged before.</summary>
    public void Load(ClusterStore target)
    {
        store = target;
        var tables = new Dictionary<string, TableState>(StringComparer.Ordinal);
        long revision = 0;
        var snapshot = Numbers(folder, "snapshot").DefaultIfEmpty(0).Max();
        if (snapshot > 0)
        {
            using var file = File.OpenRead(PathOf(folder, "snapshot", snapshot));
            if (LogRecords.Read(file, Apply, seal) != file.Length)
                throw new IOException($"the snapshot {file.Name} is damaged; restore the folder from a backup");
        }
        foreach (var old in Numbers(folder, "segment").Order().Where(n => n >= snapshot && n < number))
        {
            using var file = File.OpenRead(PathOf(folder, "segment", old));
            if (LogRecords.Read(file, Apply, seal) != file.Length) throw new IOException($"the log {file.Name} is damaged; restore the folder from a backup");
        }
        segment.Position = 0;
        using (var reading = new BufferedStream(new KeepOpen(segment), 1 << 20)) length = LogRecords.Read(reading, Apply, seal);
        if (length < segment.Length)
        {
            log?.LogWarning("{Bytes} bytes at the end of the log were written only in part and are dropped", segment.Length - length);
            segment.SetLength(length);
            segment.Flush(flushToDisk: true);
        }
        segment.Position = length;
        if (seal is { HasSeenPlain: true }) compactAt = 0;
        foreach (var (name, state) in tables) target.Load(name, state);
        target.LoadRevision(revision);

        void Apply(LogEntry entry)
        {
            var state = tables.GetValueOrDefault(entry.Table, TableState.Empty);
            if (entry.Json is not null) tables[entry.Table] = state.With(ObjectBytes.Read(entry.Key, entry.Json, entry.Revision));
            else if (state.Find(entry.Key) is { } old) tables[entry.Table] = state.Without(old, entry.Revision);
            revision = Math.Max(revision, entry.Revision);
        }
    }

    public void Append(IReadOnlyList<LogEntry> entries)
    {
        buffer.ResetWrittenCount();
        foreach (var entry in entries) LogRecords.Write(buffer, entry, seal);
        // Where the last append could not take back what it had written in part, this one has to: behind a torn record nothing is ever read.
        CutOff();
        try
        {
            segment.Write(buffer.WrittenSpan);
            segment.Flush(flushToDisk: true);
            length += buffer.WrittenCount;
        }
        catch (Exception)
        {
            // What may have reached the disk was not acknowledged and must not come back after a restart.
            CutOff();
            throw;
        }
    }

    private void CutOff()
    {
        if (segment.Length != length) segment.SetLength(length);
        segment.Position = length;
    }

    public void CompactIfDue()
    {
        if (length < compactAt || !compaction.IsCompleted || store is not { } source) return;
        // From here on changes go to a new segment, so the states below are exactly what the snapshot has to hold.
        FileStream next;
        try
        {
            next = OpenSegment(folder, number + 1);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log?.LogWarning(failure, "the log could not be compacted; it keeps growing until that works");
            compactAt = length + SmallestSegmentToCompact;
            return;
        }
        segment.Dispose();
        segment = next;
        number++;
        length = 0;
        var (states, at, revision) = (source.Tables.Select(t => (t.Name, t.State)).ToArray(), number, source.Revision);
        compaction = Task.Run(() =>
        {
            try
            {
                var size = WriteSnapshot(source.Name, states, at, revision);
                compactAt = Math.Max(SmallestSegmentToCompact, size);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                log?.LogWarning(failure, "the log could not be compacted; it keeps growing until that works");
                // Half a snapshot on a full disk is only in the way.
                File.Delete(PathOf(folder, "snapshot", at) + ".new");
            }
        });
    }

    public void Dispose()
    {
        compaction.GetAwaiter().GetResult();
        segment.Dispose();
    }

    private long WriteSnapshot(string cluster, (string Name, TableState State)[] tables, long at, long revision)
    {
        var path = PathOf(folder, "snapshot", at);
        var chunk = new ArrayBufferWriter<byte>(1 << 20);
        long size;
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            foreach (var (name, state) in tables)
            {
                foreach (var item in state.Range(null))
                {
                    LogRecords.Write(chunk, new LogEntry(cluster, name, item.Key, item.Revision, item.Json), seal);
                    if (chunk.WrittenCount < 512 << 10) continue;
                    file.Write(chunk.WrittenSpan);
                    chunk.ResetWrittenCount();
                }
            }
            // A deletion may have been the last change: the counter must not go back.
            LogRecords.Write(chunk, new LogEntry(cluster, "", Kubernetes.Objects.ObjectKey.Cluster(""), revision, null));
            file.Write(chunk.WrittenSpan);
            file.Flush(flushToDisk: true);
            size = file.Length;
        }
        File.Move(path + ".new", path, overwrite: true);
        FolderSync.Flush(folder);
        foreach (var kind in (string[])["segment", "snapshot"])
        {
            foreach (var old in Numbers(folder, kind).Where(n => n < at)) File.Delete(PathOf(folder, kind, old));
        }
        return size;
    }

    private static FileStream OpenSegment(string folder, long number)
    {
        var path = PathOf(folder, "segment", number);
        var isNew = !File.Exists(path);
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        if (isNew) FolderSync.Flush(folder);
        return file;
    }

    private static IEnumerable<long> Numbers(string folder, string kind) =>
        Directory.EnumerateFiles(folder, kind + "-*")
            .Select(f => long.TryParse(Path.GetFileName(f)[(kind.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Where(n => n > 0)
            .ToArray();

    private static string PathOf(string folder, string kind, long number) => Path.Combine(folder, $"{kind}-{number.ToString("D8", CultureInfo.InvariantCulture)}");
}
