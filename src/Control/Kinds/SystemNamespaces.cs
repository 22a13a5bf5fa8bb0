using Fleet.Contracts;

namespace Fleet.Control.Kinds;

/// <summary>The namespaces in which shared templates and repositories live; the first one is where Fleet itself writes.</summary>
public sealed record SystemNamespaces(IReadOnlyList<string> Names)
{
    public static SystemNamespaces Default { get; } = new([FleetApi.SystemNamespace, FleetApi.OlderSystemNamespace]);

    /// <summary>Where to look for something that an object in a namespace names: there first, then in the system namespaces.</summary>
    public IEnumerable<string> SearchFrom(string @namespace) => Names.Prepend(@namespace).Distinct(StringComparer.Ordinal);
}
