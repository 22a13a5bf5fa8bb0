using System.Text.Json.Nodes;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Storage;

public sealed class FileLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-log-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        var (store, journal) = Open(folder);
        for (var i = 0; i < 20; i++) Assert.NotNull(await store.CommitAsync(Put(store, $"a{i}", 0)));
        var changed = await store.CommitAsync(Put(store, "a3", store.Table("things").State.Find(ObjectKey.Cluster("a3"))!.Revision));
        await store.CommitAsync(Put(store, "a4", store.Table("things").State.Find(ObjectKey.Cluster("a4"))!.Revision) with { Delete = true });
        var revision = store.Revision;
        await journal.DisposeAsync();

        var (again, second) = Open(folder);
        Assert.Equal(19, again.Table("things").State.Count);
        Assert.Equal(changed!.Revision, again.Table("things").State.Find(ObjectKey.Cluster("a3"))!.Revision);
        Assert.Null(again.Table("things").State.Find(ObjectKey.Cluster("a4")));
        Assert.Equal(revision, again.Revision);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_log_cut_at_any_byte_gives_exactly_the_whole_records_before_the_cut()
    {
        var (store, journal) = Open(folder);
        var lengths = new List<long> { 0 };
        for (var i = 0; i < 4; i++)
        {
            await store.CommitAsync(Put(store, $"a{i}", 0));
            lengths.Add(new FileInfo(Path.Combine(folder, "segment-00000001")).Length);
        }
        await journal.DisposeAsync();
        var whole = await File.ReadAllBytesAsync(Path.Combine(folder, "segment-00000001"));
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            var copy = Path.Combine(folder, "copy");
            Directory.CreateDirectory(copy);
            await File.WriteAllBytesAsync(Path.Combine(copy, "segment-00000001"), whole[..cut]);
            var (again, second) = Open(copy);
            Assert.Equal(lengths.Count(l => l <= cut) - 1, again.Table("things").State.Count);
            Assert.NotNull(await again.CommitAsync(Put(again, "later", 0)));
            await second.DisposeAsync();
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task A_flipped_bit_ends_the_log_there()
    {
        var (store, journal) = Open(folder);
        for (var i = 0; i < 3; i++) await store.CommitAsync(Put(store, $"a{i}", 0));
        await journal.DisposeAsync();
        var path = Path.Combine(folder, "segment-00000001");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(path, bytes);
        var (again, second) = Open(folder);
        Assert.Equal(1, again.Table("things").State.Count);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_write_leaves_nothing_in_memory_and_says_that_the_disk_is_full()
    {
        var store = default(ClusterStore)!;
        await using var journal = new Journal(new FullDisk(), TimeProvider.System);
        store = new ClusterStore("management", WatchHistoryLimits.Management, TimeProvider.System, journal);
        var failure = await Assert.ThrowsAsync<KubeApiException>(async () => await store.CommitAsync(Put(store, "a", 0)));
        Assert.Equal(507, failure.Code);
        Assert.Equal(0, store.Table("things").State.Count);
        Assert.Equal(1, store.Revision);
    }

    [Fact]
    public async Task A_log_that_cannot_be_compacted_goes_on_growing()
    {
        // A folder where the next segment would be: making the file fails, as it does on a full disk.
        Directory.CreateDirectory(Path.Combine(folder, "segment-00000002"));
        var (store, journal) = Open(folder);
        var megabyte = new string('x', 1 << 20);
        for (var i = 0; i < 18; i++)
        {
            var change = Put(store, $"a{i}", 0);
            change.Body["data"] = megabyte;
            Assert.NotNull(await store.CommitAsync(change));
        }
        Assert.NotNull(await store.CommitAsync(Put(store, "after", 0)));
        await journal.DisposeAsync();

        var (again, second) = Open(folder);
        Assert.Equal(19, again.Table("things").State.Count);
        await second.DisposeAsync();
    }

    internal static (ClusterStore Store, Journal Journal) Open(string folder)
    {
        var log = FileLog.Open(folder, null);
        var journal = new Journal(log, TimeProvider.System);
        var store = new ClusterStore("management", WatchHistoryLimits.Management, TimeProvider.System, journal);
        log.Load(store);
        return (store, journal);
    }

    internal static Change Put(ClusterStore store, string name, long expected) => new(store.Table("things"), ObjectKey.Cluster(name), expected, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Thing",
        ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = $"uid-{name}" },
    });

    private sealed class FullDisk : IChangeLog
    {
        public void Append(IReadOnlyList<LogEntry> entries) => throw new IOException("No space left on device", 28);

        public void CompactIfDue()
        {
        }

        public void Dispose()
        {
        }
    }
}
