using Fleet.ClusterManager;
using Fleet.ClusterManager.Backups;
using Fleet.Contracts.Backups;
using Fleet.Control;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.Backups;

/// <summary>A process that looks after ManagementBackups of a stage when a test says so, by a clock of the test's own.</summary>
internal sealed class BackupDesk : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly BackupStage stage;

    public BackupDesk(BackupStage stage, ManualTimeProvider clock, string folder, string? database = null, IKubernetesClient? client = null)
    {
        this.stage = stage;
        services = new ServiceCollection()
            .AddSingleton(client ?? stage.Client)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(new ClusterManagerOptions { Management = new ClusterAccess("", null), Backups = new() { Folder = folder, Database = database } })
            .AddControl()
            .AddManagementBackups()
            .BuildServiceProvider();
    }

    public async Task<Outcome> LookAsync(string name, CancellationToken ct = default) =>
        await services.GetRequiredService<ManagementBackupReconciler>().ReconcileAsync(new(ObjectKey.Cluster(name), "test", new Grain(name)), ct);

    public async Task<ManagementBackupStatus> StatusAfterAsync(string name)
    {
        await LookAsync(name, TestContext.Current.CancellationToken);
        return (await stage.Client.Resource(FleetKinds.ManagementBackups).GetAsync(ObjectKey.Cluster(name), CancellationToken.None))!.Status!;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private sealed class Grain(string name) : IGrainContext
    {
        public GrainId Id { get; } = new("managementbackup", ObjectKey.Cluster(name));

        public GrainOwnership Ownership => new(Id, 1, new Owner());

        public T Part<T>(Func<T> make) where T : class => throw new NotSupportedException();

        public void CallLater(GrainCall call, TimeSpan delay) => throw new NotSupportedException();
    }

    private sealed class Owner : IGrainDirectory
    {
        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => ValueTask.FromResult<long?>(1);

        public bool IsCurrent(GrainId grain, long epoch) => true;

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;
    }
}
