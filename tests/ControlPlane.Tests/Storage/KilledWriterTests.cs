using System.Diagnostics;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.Storage;

/// <summary>A child process (this test again, told by a variable) writes until it is killed.</summary>
public sealed class KilledWriterTests
{
    private const string FolderVariable = "FLEET_TEST_KILLED_WRITER";
    private const int Enough = 300;

    [Fact]
    public async Task Every_acknowledged_write_survives_kill_9()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } given)
        {
            await WriteUntilKilledAsync(given);
            return;
        }
        var folder = Directory.CreateTempSubdirectory("fleet-killed-").FullName;
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(KilledWriterTests).Assembly.Location);
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(typeof(KilledWriterTests).FullName!);
            start.Environment[FolderVariable] = folder;
            using var child = Process.Start(start)!;
            var acknowledged = Path.Combine(folder, "acknowledged");
            using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
            {
                while (!File.Exists(acknowledged) || new FileInfo(acknowledged).Length < Enough * 7)
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
            }
            child.Kill();
            await child.WaitForExitAsync();

            var lines = (await File.ReadAllTextAsync(acknowledged)).Split('\n')[..^1];
            Assert.True(lines.Length >= Enough);
            var (store, journal) = FileLogTests.Open(Path.Combine(folder, "log"));
            foreach (var name in lines) Assert.NotNull(store.Table("things").State.Find(ObjectKey.Cluster(name)));
            await journal.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WriteUntilKilledAsync(string folder)
    {
        var (store, _) = FileLogTests.Open(Path.Combine(folder, "log"));
        await using var acknowledged = new FileStream(Path.Combine(folder, "acknowledged"), FileMode.Create, FileAccess.Write, FileShare.Read, 0);
        for (var i = 0; i < 1_000_000; i++)
        {
            var name = $"a{i:D5}";
            await store.CommitAsync(FileLogTests.Put(store, name, 0));
            acknowledged.Write(System.Text.Encoding.ASCII.GetBytes(name + "\n"));
        }
    }
}
