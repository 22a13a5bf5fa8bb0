using Fleet.Contracts.Services;

namespace Fleet.Control.Placement;

/// <summary>Which services wait for which, of one list. Pure.</summary>
public sealed class ServiceDependencies
{
    private readonly Dictionary<ServiceKey, Service> services = [];

    /// <param name="list">A key that comes twice counts once.</param>
    public ServiceDependencies(IEnumerable<Service> list)
    {
        var keys = new List<ServiceKey>();
        foreach (var service in list)
            if (services.TryAdd(ServiceKey.Of(service), service))
                keys.Add(ServiceKey.Of(service));
        Graph = new(keys, Of);
    }

    public DependencyGraph<ServiceKey> Graph { get; }

    public Service Service(ServiceKey key) => services[key];

    public bool Has(ServiceKey key) => services.ContainsKey(key);

    public IEnumerable<ServiceKey> Of(ServiceKey key) => (services[key].DependsOn ?? []).Select(ServiceKey.Of).Distinct();
}
