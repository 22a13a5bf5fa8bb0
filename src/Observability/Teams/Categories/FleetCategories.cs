using System.Collections.Concurrent;
using Fleet.Control.Kinds;
using Fleet.Cost;
using Fleet.Cost.Filters;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Costs;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

/// <summary>Every CostCategory, by watch.</summary>
internal sealed class FleetCategories(IKubernetesClient management, TimeProvider clock) : IDaySubjects, IAsyncDisposable
{
    public Informer<CostCategory, CostCategory> Informer { get; } =
        management.Resource(FleetKinds.CostCategories).Informer(new InformerOptions<CostCategory, CostCategory> { Project = category => category, Clock = clock });

    /// <summary>Compiled, by uid and generation.</summary>
    private readonly ConcurrentDictionary<ObjectKey, (string Version, CategoryScope? Scope)> scopes = [];

    /// <summary>What the categories want to be added up. Rules that are none are told by the category's own reconciler.</summary>
    public IEnumerable<DaySubject> Subjects => Informer.Items.Select(ScopeOf).OfType<CategoryScope>().Select(scope => scope.ToSubject());

    /// <param name="name">NAME in the system namespace, or NAMESPACE/NAME.</param>
    /// <exception cref="CostQueryException">There is none, or its rules are wrong.</exception>
    public CategoryScope Find(string name)
    {
        var (@namespace, own) = name.Split('/', 2) is [var first, var second] ? (first, second) : ("", name);
        IReadOnlyList<string> namespaces = @namespace.Length > 0 ? [@namespace] : SystemNamespaces.Default.Names;
        var found = namespaces.SelectMany(one => Informer.Items.Where(category => category.Metadata.Key == new ObjectKey(one, own))).FirstOrDefault()
            ?? throw new CostQueryException($"there is no CostCategory {CostQuery.Quoted($"{namespaces[0]}/{own}")}");
        return ScopeOf(found) ?? throw new CostQueryException($"the rules of CostCategory {found.Metadata.Key} can not be read");
    }

    public CategoryScope? ScopeOf(CostCategory category)
    {
        var version = $"{category.Metadata.Uid} {category.Metadata.Generation}";
        if (scopes.TryGetValue(category.Metadata.Key, out var known) && known.Version == version)
            return known.Scope;
        CategoryScope? scope;
        try
        {
            scope = CategoryScope.Of(category);
        }
        catch (FilterException)
        {
            scope = null;
        }
        scopes[category.Metadata.Key] = (version, scope);
        return scope;
    }

    /// <summary>The trigger of the controller starts the informer.</summary>
    public Task StartAsync(CancellationToken ct) => Informer.WaitForSyncAsync(ct);

    public ValueTask DisposeAsync() => Informer.DisposeAsync();
}
