using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Configuration;
using Fleet.Testing.Time;

namespace Fleet.Kubernetes.Tests.Authentication;

/// <summary>A kubeconfig that is replaced while a program runs.</summary>
public sealed class FollowedCredentialTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();
    private readonly ManualTimeProvider clock = new();
    private int writes;

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task What_is_in_the_file_by_then_counts_and_the_same_file_is_the_same_credential()
    {
        Write("one");
        var credential = KubeConfig.FollowEndpoint(file, clock: clock).Credential;
        var first = await credential.GetAsync(CancellationToken.None);
        Assert.Equal("one", first.Authorization!.Parameter);
        clock.Advance(TimeSpan.FromHours(1));
        // The same object: connections are kept by it.
        Assert.Same(first, await credential.GetAsync(CancellationToken.None));

        Write("two");
        Assert.Same(first, await credential.GetAsync(CancellationToken.None));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("two", await TokenAsync(credential));
    }

    [Fact]
    public async Task A_refusal_makes_it_look_at_once()
    {
        Write("one");
        var credential = KubeConfig.FollowEndpoint(file, clock: clock).Credential;
        var rejected = await credential.GetAsync(CancellationToken.None);
        Assert.False(credential.Invalidate(rejected));
        Write("two");
        Assert.True(credential.Invalidate(rejected));
        Assert.Equal("two", await TokenAsync(credential));
    }

    [Fact]
    public async Task A_file_that_is_broken_or_gone_changes_nothing_until_it_is_whole_again()
    {
        Write("one");
        var credential = KubeConfig.FollowEndpoint(file, clock: clock).Credential;
        foreach (var broken in (string[])["users: [", ""])
        {
            await File.WriteAllTextAsync(file, broken);
            Touch();
            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("one", await TokenAsync(credential));
        }
        File.Delete(file);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("one", await TokenAsync(credential));
        Write("two");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("two", await TokenAsync(credential));
    }

    private static async Task<string?> TokenAsync(ClusterCredential credential) => (await credential.GetAsync(CancellationToken.None)).Authorization!.Parameter;

    private void Write(string token)
    {
        File.WriteAllText(file, $$"""
            current-context: it
            contexts: [{ name: it, context: { cluster: it, user: it } }]
            clusters: [{ name: it, cluster: { server: "https://127.0.0.1:1" } }]
            users: [{ name: it, user: { token: {{token}} } }]
            """);
        Touch();
    }

    /// <summary>Two writes may be of one moment for the file system.</summary>
    private void Touch() => File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, ++writes, DateTimeKind.Utc));
}
