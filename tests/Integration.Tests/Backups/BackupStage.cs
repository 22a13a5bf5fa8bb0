using System.Text;
using Fleet.Backup.Archives;
using Fleet.Backup.Restores;
using Fleet.Backup.Runs;
using Fleet.Backup.Snapshots;
using Fleet.Backup.Targets;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Backups;

/// <summary>An API server with Fleet's kinds, on which nothing acts, and a folder for backups.</summary>
internal sealed class BackupStage : IAsyncDisposable
{
    private static readonly ApplyOptions Apply = new("test") { Force = true };

    private readonly TemporaryFolder folder = new("backup-stage");
    private readonly IApiServerFixture server;

    private BackupStage(IApiServerFixture server)
    {
        this.server = server;
        Client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }));
    }

    public static ArchiveSecret Secret { get; } = ArchiveSecret.FromKey(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

    public static BackupName Name { get; } = BackupName.Parse("drill-20261122030000");

    public IKubernetesClient Client { get; }

    public string KubeconfigPath => server.KubeconfigPath;

    public FolderTarget Target => new(folder.FullPath);

    public string Archive => folder.File(Name.FileName);

    /// <param name="defined">Whether it has Fleet's kinds, as a Fleet that is installed would make them.</param>
    /// <param name="real">A kube-apiserver with etcd and the controllers that collect what has no owner any more.</param>
    /// <param name="clock">Of an embedded server.</param>
    public static async Task<BackupStage> StartAsync(bool defined = true, bool real = false, TimeProvider? clock = null)
    {
        var stage = new BackupStage(real ? await RealApiServer.StartAsync() : await EmbeddedApiServer.StartAsync(clock is null ? null : new() { Clock = clock }));
        if (defined)
        {
            foreach (var definition in CustomResourceDefinition.OfAllKinds())
                await stage.Client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition), CancellationToken.None);
        }

        return stage;
    }

    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in KubernetesYaml.ReadAll(yaml))
        {
            var kind = await KindAsync((string)document["apiVersion"]!, (string)document["kind"]!);
            await Client.Dynamic(kind).ApplyAsync(document, Apply, CancellationToken.None);
        }
    }

    public async Task StatusAsync(string yaml)
    {
        var document = KubernetesYaml.Parse(yaml)!.AsObject();
        var kind = await KindAsync((string)document["apiVersion"]!, (string)document["kind"]!);
        await Client.Dynamic(kind).PatchAsync(new DynamicObject(document).Key, Patch.Merge(document), new() { Subresource = "status" }, CancellationToken.None);
    }

    public async Task<DynamicObject?> FindAsync(string apiVersion, string kind, string name, string @namespace = "team") =>
        await Client.Dynamic(await KindAsync(apiVersion, kind)).GetAsync(new(@namespace, name), CancellationToken.None);

    public async Task<DynamicObject> GetAsync(string apiVersion, string kind, string name, string @namespace = "team") =>
        await FindAsync(apiVersion, kind, name, @namespace) ?? throw new InvalidOperationException($"there is no {kind} {@namespace}/{name}");

    public Task<ArchiveManifest> BackUpAsync(SnapshotOptions? options = null) =>
        new BackupRun(Target, Secret, TimeProvider.System).CreateAsync(Name, options ?? new() { Management = Client }, null, null, CancellationToken.None);

    /// <summary>Restores the backup of another stage into this one.</summary>
    public async Task<RestoreReport> RestoreAsync(BackupStage from, Func<RestoreOptions, RestoreOptions>? configure = null, IProgress<RestoreProgress>? progress = null, CancellationToken ct = default)
    {
        await using var content = await from.Target.OpenAsync(Name, ct);
        return await RestoreAsync(content, configure, progress, ct);
    }

    public async Task<RestoreReport> RestoreAsync(Stream content, Func<RestoreOptions, RestoreOptions>? configure = null, IProgress<RestoreProgress>? progress = null, CancellationToken ct = default)
    {
        using var archive = await ArchiveReader.OpenAsync(content, Secret, ct);
        var options = new RestoreOptions { Client = Client };
        return await new ManagementRestore(archive, configure?.Invoke(options) ?? options, TimeProvider.System).RunAsync(progress, ct);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await ((IAsyncDisposable)server).DisposeAsync();
        folder.Dispose();
    }

    private async Task<ResourceKind> KindAsync(string apiVersion, string kind) =>
        await Client.FindKindAsync(GroupVersionKind.Parse(apiVersion, kind), CancellationToken.None) ?? throw new InvalidOperationException($"{kind} is not served");
}
