using System.Text.Json.Nodes;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Bench.Ownership;

/// <summary>Replicas as processes (<c>tests/ReplicaProcess</c>) over a real API server, and who has written each cluster last.</summary>
internal sealed class CountedClusters(IApiServerFixture server, IKubernetesClient client, string @namespace) : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new("counted");
    private readonly Dictionary<string, ServerProcess> running = [];
    private readonly Dictionary<string, long> read = [];
    private readonly Dictionary<string, (string Replica, long Count)> last = [];

    public async Task CreateAsync(int clusters, CancellationToken ct)
    {
        await client.Resource(CoreTypes.Namespaces).CreateAsync(new() { Metadata = new() { Name = @namespace } }, ct);
        for (var i = 0; i < clusters; i++)
            await client.Resource(CoreTypes.ConfigMaps).CreateAsync(new() { Metadata = new() { Name = $"cluster-{i}", Namespace = @namespace, Labels = new() { ["counted"] = "true" } } }, ct);
    }

    public async Task StartAsync(string replica) => running[replica] = await ServerProcess.StartAsync(
        $"replica-{replica}",
        "dotnet",
        [
            Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "ReplicaProcess", "release", "Fleet.ReplicaProcess.dll"),
            server.KubeconfigPath, @namespace, replica, folder.File($"history-{replica}"), "6", "announce",
        ]);

    public int ProcessOf(string replica) => running[replica].Id;

    public Task KillAsync(string replica) => running[replica].KillAsync();

    /// <summary>What is new in the histories is read, and what each cluster's last acknowledged write is by now is told.</summary>
    public IReadOnlyDictionary<string, (string Replica, long Count)> Look()
    {
        foreach (var replica in running.Keys)
        {
            using var file = new FileStream(folder.File($"history-{replica}"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
            file.Position = read.GetValueOrDefault(replica);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            var whole = text[..(text.LastIndexOf('\n') + 1)];
            read[replica] = read.GetValueOrDefault(replica) + whole.Length;
            foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var record = JsonNode.Parse(line)!;
                var (cluster, count) = ((string)record["cluster"]!, (long)record["count"]!);
                if ((string?)record["what"] == "done" && count > last.GetValueOrDefault(cluster).Count)
                    last[cluster] = (replica, count);
            }
        }
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
            await process.DisposeAsync();
        folder.Dispose();
    }
}
