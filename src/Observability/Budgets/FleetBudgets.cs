using Fleet.Control.Kinds;
using Fleet.Cost.Filters;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Days;

namespace Fleet.Observability.Budgets;

/// <summary>Every Budget and the names of every cluster, by watch.</summary>
internal sealed class FleetBudgets(IKubernetesClient management, TimeProvider clock) : IDaySubjects, IAsyncDisposable
{
    private readonly Informer<ClusterDeployment, ObjectKey> clusters = management.Resource(FleetKinds.ClusterDeployments).Informer(new InformerOptions<ClusterDeployment, ObjectKey>
    {
        Project = cluster => cluster.Metadata.Key, Unchanged = EqualityComparer<ObjectKey>.Default, Clock = clock,
    });

    private int started;

    public Informer<Budget, Budget> Informer { get; } = management.Resource(FleetKinds.Budgets).Informer(new InformerOptions<Budget, Budget> { Project = budget => budget, Clock = clock });

    public IReadOnlyCollection<Budget> All => [.. Informer.Items];

    /// <summary>What the budgets want to be added up. A filter that is none is told by the budget's own reconciler.</summary>
    public IEnumerable<DaySubject> Subjects => Informer.Items.Select(ScopeOf).OfType<BudgetScope>().DistinctBy(scope => scope.Subject).Select(scope => scope.ToSubject());

    public IReadOnlySet<string> Clusters => clusters.Items.Select(key => key.ToString()).ToHashSet(StringComparer.Ordinal);

    public static BudgetScope? ScopeOf(Budget budget)
    {
        try
        {
            return BudgetScope.Of(budget.Metadata.Namespace ?? "", budget.Spec);
        }
        catch (FilterException)
        {
            return null;
        }
    }

    /// <summary>The trigger of the controller starts the informer of budgets, and whoever comes first.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref started, 1) == 0)
            clusters.Start();
        await Task.WhenAll(clusters.WaitForSyncAsync(ct), Informer.WaitForSyncAsync(ct));
    }

    public async ValueTask DisposeAsync()
    {
        await clusters.DisposeAsync();
        await Informer.DisposeAsync();
    }
}
