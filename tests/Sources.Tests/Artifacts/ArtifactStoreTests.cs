using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Tests.Artifacts;

public sealed class ArtifactStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-store-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_revision_is_found_by_a_later_process_and_equal_content_lies_there_once()
    {
        var store = Store();
        var first = await PublishAsync(store, "one", "main@sha1:1", "same");
        var second = await PublishAsync(store, "two", "v2@sha1:2", "same");
        Assert.Equal(first.Folder, second.Folder);
        var found = await Store().FindAsync("one", "main@sha1:1", CancellationToken.None);
        Assert.Equal(first, found);
        Assert.Null(await Store().FindAsync("other", "main@sha1:1", CancellationToken.None));
    }

    [Fact]
    public async Task Content_is_found_by_its_digest_and_by_nothing_else()
    {
        var artifact = await PublishAsync(Store(), "one", "main@sha1:1", "same");
        Assert.Equal(artifact, await Store().FindContentAsync(artifact.Digest, "main@sha1:1", CancellationToken.None));
        Assert.Null(await Store().FindContentAsync(new string('0', 64), "main@sha1:1", CancellationToken.None));
        Assert.Null(await Store().FindContentAsync("../" + artifact.Digest, "main@sha1:1", CancellationToken.None));
        await File.WriteAllTextAsync(Path.Combine(artifact.Folder, "file"), "wrong");
        Assert.Null(await Store().FindContentAsync(artifact.Digest, "main@sha1:1", CancellationToken.None));
    }

    [Fact]
    public async Task What_was_damaged_on_disk_is_noticed_and_fetched_again()
    {
        var artifact = await PublishAsync(Store(), "one", "r", "right");
        await File.WriteAllTextAsync(Path.Combine(artifact.Folder, "file"), "wrong");
        Assert.Null(await Store().FindAsync("one", "r", CancellationToken.None));
        Assert.Equal(artifact, await PublishAsync(Store(), "one", "r", "right"));
    }

    [Fact]
    public async Task What_a_killed_process_was_making_goes_at_the_next_start()
    {
        Directory.CreateDirectory(Path.Combine(folder, "work", "half"));
        var store = Store();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder, "work")));
        using (var work = store.NewWork()) Assert.True(Directory.Exists(work.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder, "work")));
    }

    [Fact]
    public async Task The_least_recently_used_go_when_the_store_is_full_but_none_in_use()
    {
        var clock = new ShiftedTime();
        var store = new ArtifactStore(new() { Folder = folder, MaxCacheBytes = 15 }, clock);
        await PublishAsync(store, "old", "r", "0123456789");
        await PublishAsync(store, "young", "r", "9876543210");
        Assert.NotNull(await store.FindAsync("old", "r", CancellationToken.None));
        clock.Offset = TimeSpan.FromMinutes(20);
        Assert.NotNull(await store.FindAsync("young", "r", CancellationToken.None));
        await PublishAsync(store, "new", "r", "abcdefghij");
        Assert.Null(await store.FindAsync("old", "r", CancellationToken.None));
        Assert.NotNull(await store.FindAsync("young", "r", CancellationToken.None));
    }

    private ArtifactStore Store() => new(new() { Folder = folder }, TimeProvider.System);

    private static async Task<Artifact> PublishAsync(ArtifactStore store, string source, string revision, string content)
    {
        using var work = store.NewWork();
        var made = work.Make("content");
        await File.WriteAllTextAsync(Path.Combine(made, "file"), content);
        return await store.PublishAsync(source, revision, made, CancellationToken.None);
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
