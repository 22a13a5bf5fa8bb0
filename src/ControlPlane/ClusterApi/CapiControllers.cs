using System.Collections.Concurrent;
using Fleet.ControlPlane.ClusterApi.Core;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.ClusterApi.Providers;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>The reconcilers of the management cluster, and which change makes which of them look at what.</summary>
internal sealed class CapiControllers : IDisposable
{
    /// <summary>Objects are spread over lanes by key, so that many are worked on while writes wait for the disk.</summary>
    private const int Lanes = 16;

    private readonly ConcurrentDictionary<(string Group, string Kind), CapiReconciler?> reconcilers = new();
    private readonly ManagementScope scope;
    private readonly LaneScheduler scheduler;
    private readonly Lane[] lanes;
    private IDisposable? subscription;

    public CapiControllers(ManagementScope scope, LaneScheduler scheduler)
    {
        this.scope = scope;
        this.scheduler = scheduler;
        lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new Lane(scope))];
    }

    /// <summary>Subscribes, then looks at everything that is there, infrastructure clusters first: they hold the names of the simulated clusters.</summary>
    public void Start()
    {
        subscription = scope.Api.Subscribe(Route);
        foreach (var kind in scope.Kinds.WithRole(KindRole.InfrastructureCluster).ToList())
        {
            foreach (var obj in scope.Api.List(kind))
            {
                if (obj.Annotation(SimulationAnnotations.WorkloadCluster) is { } name && obj.OwnerName("Cluster") is { } cluster)
                    scope.Names.Claim(new(obj.NamespaceOf(), cluster), name);
            }
        }
        foreach (var kind in scope.Kinds.All.ToList())
        {
            if (ReconcilerOf(kind.Group, kind.Kind) is not { } reconciler)
                continue;
            foreach (var obj in scope.Api.List(kind))
            {
                NoteRelations(kind, obj);
                Enqueue(reconciler, obj.KeyOf());
            }
        }
    }

    public void Dispose()
    {
        subscription?.Dispose();
        foreach (var lane in lanes)
            scheduler.Close(lane);
    }

    private void NoteRelations(ResourceKind kind, System.Text.Json.Nodes.JsonObject obj)
    {
        var cluster = obj.Text("spec", "clusterName") ?? obj.Label(CapiNames.ClusterLabel) ?? obj.OwnerName("Cluster");
        if (cluster is not null && kind.Kind != "Cluster")
            scope.Members.Add(new(obj.NamespaceOf(), cluster), kind, obj.KeyOf());
        if (obj.Controller() is { } owner)
            scope.RememberOwner(new(kind.Kind, obj.KeyOf()), new(owner.Text("kind")!, new(obj.NamespaceOf(), owner.Text("name")!)));
    }

    /// <summary>Runs on the writer's thread: notes who has to look, and nothing else.</summary>
    private void Route(ClusterChange change)
    {
        if (change.Kind.Kind == "CustomResourceDefinition")
        {
            scope.Kinds.Invalidate();
            reconcilers.Clear();
            return;
        }
        if (!change.Kind.Group.EndsWith(KindRoles.CoreGroup, StringComparison.Ordinal) || change.Type == WatchEventType.Bookmark)
            return;
        if (ReconcilerOf(change.Kind.Group, change.Kind.Kind) is not { } reconciler)
            return;
        Enqueue(reconciler, change.Key);
        var deleted = change.Type == WatchEventType.Deleted;
        EnqueueOwner(change, deleted);
        foreach (var dependent in scope.DependentsOf(new(change.Kind.Kind, change.Key)))
            EnqueueMember(dependent);
        if (KindRoles.Of(change.Kind.Group, change.Kind.Kind) == KindRole.Cluster)
        {
            foreach (var member in scope.Members.Of(change.Key))
                EnqueueMember(member);
        }
        else if (scope.Members.ClusterOf(reconciler.Kind, change.Key) is { } cluster)
        {
            if (deleted)
                scope.Members.Remove(reconciler.Kind, change.Key);
            if (ReconcilerOf(KindRoles.CoreGroup, "Cluster") is { } clusters)
                Enqueue(clusters, cluster);
            if (change.Kind.Kind == "Machine")
            {
                foreach (var check in scope.DependentsOf(new("Cluster", cluster)))
                    EnqueueMember(check);
            }
        }
    }

    private void EnqueueOwner(ClusterChange change, bool deleted)
    {
        var child = new ObjectReference(change.Kind.Kind, change.Key);
        if (scope.OwnerOf(child) is not { } owner)
            return;
        if (deleted)
            scope.ForgetOwner(child);
        foreach (var group in new[] { KindRoles.CoreGroup, KindRoles.ControlPlaneGroup, KindRoles.InfrastructureGroup })
        {
            if (ReconcilerOf(group, owner.Kind) is { } reconciler)
                Enqueue(reconciler, owner.Key);
        }
    }

    private void EnqueueMember(Member member)
    {
        if (ReconcilerOf(member.Kind.Group, member.Kind.Kind) is { } reconciler)
            Enqueue(reconciler, member.Key);
    }

    private void Enqueue(CapiReconciler reconciler, ObjectKey key) =>
        scheduler.Enqueue(lanes[(HashCode.Combine(reconciler.Kind.Kind, key) & int.MaxValue) % Lanes], new(reconciler, key));

    private CapiReconciler? ReconcilerOf(string group, string kind) =>
        reconcilers.GetOrAdd((group, kind), static (id, self) => self.Make(id.Group, id.Kind), this);

    private CapiReconciler? Make(string group, string kind)
    {
        if (scope.Kinds.Find(group, kind) is not { } resource)
            return null;
        var embedded = scope.Options.CapiCore == CapiCoreMode.Embedded;
        return KindRoles.Of(group, kind) switch
        {
            KindRole.InfrastructureCluster => new InfrastructureClusterReconciler(resource),
            KindRole.InfrastructureMachine => new InfrastructureMachineReconciler(resource),
            KindRole.InfrastructureMachinePool => new InfrastructurePoolReconciler(resource),
            KindRole.InfrastructureMachineTemplate => new MachineTemplateReconciler(resource),
            // A real operator brings its own definitions, and does the work.
            KindRole.OperatorProvider => scope.Kinds.IsOurs(resource) ? new OperatorProviderReconciler(resource) : null,
            // A real provider brings its own definition and counts its addresses itself.
            KindRole.AddressPool => scope.Kinds.IsOurs(resource) ? new AddressPoolReconciler(resource) : null,
            // Control planes and bootstrap configs are providers' work, not the core's. Where a real one has brought its own CRD it does that work.
            KindRole.ControlPlane or KindRole.BootstrapConfig when !embedded && !scope.Kinds.IsOurs(resource) => new ObservedReconciler(resource),
            KindRole.ControlPlane => new ControlPlaneReconciler(resource),
            KindRole.BootstrapConfig => new BootstrapConfigReconciler(resource),
            not KindRole.None when !embedded => new ObservedReconciler(resource),
            KindRole.Cluster => new ClusterReconciler(resource),
            KindRole.MachineDeployment => new MachineDeploymentReconciler(resource),
            KindRole.MachineSet => new MachineSetReconciler(resource),
            KindRole.Machine => new MachineReconciler(resource),
            KindRole.MachinePool => new MachinePoolReconciler(resource),
            KindRole.MachineHealthCheck => new MachineHealthCheckReconciler(resource),
            _ => null,
        };
    }
}
