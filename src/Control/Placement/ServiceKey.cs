using Fleet.Contracts.Services;

namespace Fleet.Control.Placement;

/// <summary>Which service of a cluster: the namespace in the managed cluster and the name.</summary>
public readonly record struct ServiceKey(string Namespace, string Name)
{
    public static ServiceKey Of(Service service) => Of(service.Namespace, service.Name);

    public static ServiceKey Of(ServiceDependency dependency) => Of(dependency.Namespace, dependency.Name);

    public static ServiceKey Of(PlacedService service) => Of(service.Namespace, service.Name);

    public static ServiceKey Of(ServiceState state) => Of(state.Namespace, state.Name);

    public override string ToString() => $"{Namespace}/{Name}";

    private static ServiceKey Of(string? @namespace, string name) => new(@namespace is { Length: > 0 } ? @namespace : "default", name);
}
