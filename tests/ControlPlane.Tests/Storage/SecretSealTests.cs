using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.Storage;

/// <summary>Secrets in the log: nobody reads them without the key, and nobody changes or moves them.</summary>
public sealed class SecretSealTests : IDisposable
{
    private const string Canary = "canary-at-rest-41d7";

    private readonly string folder = Directory.CreateTempSubdirectory("fleet-seal-").FullName;

    private string Log => Path.Combine(folder, "objects");

    private string Key => Path.Combine(folder, "secrets.key");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_is_in_a_Secret_is_in_no_file_and_there_after_a_restart()
    {
        await WriteAsync(SecretSeal.Open(Key), "secrets", "a");
        Assert.False(IsOnTheDisk());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
        var (store, journal) = Open(SecretSeal.Open(Key));
        Assert.Contains(Canary, Encoding.UTF8.GetString(store.Table("secrets").State.Find(ObjectKey.Cluster("a"))!.Json), StringComparison.Ordinal);
        await journal.DisposeAsync();
        // The check can fail: what is no Secret is written as it is.
        await WriteAsync(SecretSeal.Open(Key), "configmaps", "a");
        Assert.True(IsOnTheDisk());
    }

    [Fact]
    public async Task With_another_key_or_none_the_start_ends_with_a_word_about_the_key()
    {
        await WriteAsync(SecretSeal.Open(Key), "secrets", "a");
        File.Delete(Key);
        var failure = Assert.Throws<IOException>(() => Open(SecretSeal.Open(Key)));
        Assert.Contains("put back the right key", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllText(Key).Trim(), failure.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Key, "not a key");
        Assert.Contains("64 hexadecimal digits", Assert.Throws<IOException>(() => SecretSeal.Open(Key)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_of_a_time_without_a_key_are_read_and_sealed_with_the_next_change()
    {
        await WriteAsync(null, "secrets", "old");
        Assert.True(IsOnTheDisk());
        await WriteAsync(SecretSeal.Open(Key), "configmaps-of-nobody", "next", "nothing");
        Assert.False(IsOnTheDisk());
        var (store, journal) = Open(SecretSeal.Open(Key));
        Assert.Contains(Canary, Encoding.UTF8.GetString(store.Table("secrets").State.Find(ObjectKey.Cluster("old"))!.Json), StringComparison.Ordinal);
        await journal.DisposeAsync();
    }

    [Fact]
    public void One_is_not_taken_for_another()
    {
        var seal = SecretSeal.Open(Key);
        var entry = new LogEntry("management", "secrets", new("team-a", "cloud"), 7, Encoding.UTF8.GetBytes(Canary));
        var @sealed = new byte[entry.Json!.Length + SecretSeal.Overhead];
        seal.Seal(entry, @sealed);
        Assert.Equal(entry.Json, seal.Open(entry, @sealed));
        foreach (var other in (LogEntry[])[entry with { Key = new("team-b", "cloud") }, entry with { Key = new("team-a", "other") }, entry with { Revision = 8 }, entry with { Cluster = "work" }])
            Assert.Throws<IOException>(() => seal.Open(other, @sealed));
        for (var place = 0; place < @sealed.Length; place++)
        {
            @sealed[place] ^= 1;
            Assert.Throws<IOException>(() => seal.Open(entry, @sealed));
            @sealed[place] ^= 1;
        }

        Assert.Throws<IOException>(() => seal.Open(entry, @sealed.AsSpan(0, SecretSeal.Overhead - 1)));
    }

    private async Task WriteAsync(SecretSeal? seal, string table, string name, string text = Canary)
    {
        var (store, journal) = Open(seal);
        await store.CommitAsync(new(store.Table(table), ObjectKey.Cluster(name), 0, new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Thing", ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = $"uid-{name}" }, ["data"] = new JsonObject { ["password"] = text },
        }));
        // Waits for what is written beside.
        await journal.DisposeAsync();
    }

    private (ClusterStore Store, Journal Journal) Open(SecretSeal? seal)
    {
        var log = FileLog.Open(Log, null, seal);
        var journal = new Journal(log, TimeProvider.System);
        var store = new ClusterStore("management", WatchHistoryLimits.Management, TimeProvider.System, journal);
        try
        {
            log.Load(store);
        }
        catch (IOException)
        {
            log.Dispose();
            throw;
        }
        return (store, journal);
    }

    private bool IsOnTheDisk() => Directory.EnumerateFiles(Log).Any(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(Canary, StringComparison.Ordinal));
}
