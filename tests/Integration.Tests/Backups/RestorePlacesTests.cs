using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Backups;

/// <summary>What of one backup goes elsewhere than into the management cluster: the objects of a region, and the database.</summary>
public sealed class RestorePlacesTests
{
    private const string Fleet = "k0rdent.mirantis.com/v1beta1";

    [Fact]
    public async Task A_region_and_the_database_come_back_where_they_belong()
    {
        await using var management = await BackupStage.StartAsync();
        await using var region = await BackupStage.StartAsync();
        await region.ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: team}}
            ---
            apiVersion: cluster.x-k8s.io/v1beta2
            kind: Cluster
            metadata: {name: far, namespace: team}
            spec: {controlPlaneEndpoint: {host: 10.0.0.3, port: 6443}}
            """);
        var kubeconfig = Convert.ToBase64String(await File.ReadAllBytesAsync(region.KubeconfigPath, TestContext.Current.CancellationToken));
        await management.ApplyAsync($$"""
            {apiVersion: v1, kind: Namespace, metadata: {name: kcm-system} }
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: team} }
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: south, namespace: kcm-system}
            data: {value: {{kubeconfig}} }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Region
            metadata: {name: south}
            spec: {kubeConfig: {name: south, key: value} }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: far, namespace: team}
            spec: {template: t, credential: login}
            """);
        var postgres = await PrivatePostgres.SharedAsync();
        var (old, fresh) = (await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        await SqlAsync(postgres, old, "CREATE TABLE history AS SELECT i AS id FROM generate_series(1, 1000) AS i");
        // What is there goes with the load.
        await SqlAsync(postgres, fresh, "CREATE TABLE history AS SELECT 7 AS id");

        var manifest = await management.BackUpAsync(new() { Management = management.Client, Postgres = old });
        Assert.Empty(manifest.Warnings);
        Assert.Contains(manifest.Parts, part => part is { Region: "south", Objects: > 0 });

        await using var newManagement = await BackupStage.StartAsync();
        var report = await newManagement.RestoreAsync(management, options => options with { Postgres = fresh });
        Assert.True(report is { Succeeded: true, DatabaseRestored: true });
        Assert.Equal("1000", await SqlAsync(postgres, fresh, "SELECT count(*) FROM history"));
        Assert.NotNull(await newManagement.FindAsync(Fleet, "ClusterDeployment", "far"));
        Assert.Null(await newManagement.FindAsync("cluster.x-k8s.io/v1beta2", "Cluster", "far"));

        await using var newRegion = await BackupStage.StartAsync();
        Assert.True((await newRegion.RestoreAsync(management, options => options with { Region = "south" })).Succeeded);
        var cluster = await newRegion.GetAsync("cluster.x-k8s.io/v1beta2", "Cluster", "far");
        Assert.Null(cluster.At("spec", "paused"));
        Assert.Null(await newRegion.FindAsync(Fleet, "ClusterDeployment", "far"));

        var unknown = await Assert.ThrowsAsync<FormatException>(() => newRegion.RestoreAsync(management, options => options with { Region = "north" }));
        Assert.Contains("nothing of a Region north", unknown.Message, StringComparison.Ordinal);
    }

    private static async Task<string> SqlAsync(PrivatePostgres postgres, string connection, string sql) => (await ProcessOutput.RunAsync(
        Path.Combine(global::Fleet.Testing.RealParts.PostgresBin, "psql"), ["-h", "127.0.0.1", "-p", $"{postgres.Port}", "-U", "fleet", "-d", connection.Split("Database=", 2)[1], "-qtAc", sql])).MustSucceed().Out.Trim();
}
