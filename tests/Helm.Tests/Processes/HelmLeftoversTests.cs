using System.Diagnostics;
using Fleet.Helm.Processes;

namespace Fleet.Helm.Tests.Processes;

public sealed class HelmLeftoversTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("fleet-helm-test-").FullName;

    [Fact]
    public async Task What_a_dead_process_left_is_removed_and_a_living_ones_is_not()
    {
        var stale = Stale("0123456789abcdef");
        var other = Directory.CreateDirectory(Path.Combine(_parent, "somebody-elses"));
        using var living = new PrivateFolders(Options, TimeProvider.System);
        await ClearAsync();
        Assert.False(Directory.Exists(stale));
        Assert.True(Directory.Exists(living.Root));
        Assert.True(Directory.Exists(other.FullName));
    }

    [Fact]
    public async Task A_folder_that_was_killed_before_its_lock_goes_when_it_is_old()
    {
        var old = Directory.CreateDirectory(Path.Combine(_parent, "fleet-helm-old"));
        old.LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-2);
        var young = Directory.CreateDirectory(Path.Combine(_parent, "fleet-helm-young"));
        await ClearAsync();
        Assert.False(Directory.Exists(old.FullName));
        Assert.True(Directory.Exists(young.FullName));
    }

    [Theory]
    [InlineData("sleep 0.3; echo done > ../result", "done")]
    [InlineData("trap 'echo recorded > ../result; exit 1' TERM; while :; do sleep 0.05; done", "recorded")]
    [InlineData("echo hard > ../result; trap '' TERM; while :; do sleep 0.05; done", "hard")]
    public async Task A_process_that_went_on_alone_is_let_end_then_asked_then_killed(string script, string result)
    {
        var stale = Stale("0123456789abcdef");
        var work = Directory.CreateDirectory(Path.Combine(stale, "1")).FullName;
        using var process = Start(script.Replace("../result", Path.Combine(_parent, "result"), StringComparison.Ordinal), work);
        using var living = new PrivateFolders(Options, TimeProvider.System);
        using var ours = Start("sleep 60", living.Create().Path);
        await ClearAsync();
        Assert.True(process.HasExited);
        Assert.False(Directory.Exists(stale));
        Assert.Equal(result, (await File.ReadAllTextAsync(Path.Combine(_parent, "result"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(ours.HasExited);
        ours.Kill();
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    private HelmOptions Options => new() { Folder = _parent, SecretsFolder = _parent, EndGrace = TimeSpan.FromSeconds(1) };

    private async Task ClearAsync()
    {
        using var folders = new PrivateFolders(Options, TimeProvider.System);
        await new HelmLeftovers(folders, Options, TimeProvider.System).StartingAsync(TestContext.Current.CancellationToken);
    }

    private string Stale(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_parent, "fleet-helm-" + name)).FullName;
        File.WriteAllText(Path.Combine(folder, "owner.lock"), "");
        File.WriteAllText(Path.Combine(folder, "kubeconfig"), "secret");
        return folder;
    }

    private static Process Start(string script, string folder) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = folder })!;
}
