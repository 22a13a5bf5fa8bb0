namespace Fleet.Contracts.Schema;

/// <summary>Makes a spec type the spec of a kind: what its CustomResourceDefinition is generated from.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KindAttribute(string kind, string plural) : Attribute
{
    public string Kind { get; } = kind;

    public string Plural { get; } = plural;

    public string Group { get; init; } = FleetApi.Group;

    public bool Namespaced { get; init; } = true;

    public string[] ShortNames { get; init; } = [];

    /// <summary>Served versions; the last one is stored.</summary>
    public string[] Versions { get; init; } = [FleetApi.OlderVersion, FleetApi.Version];

    /// <summary>Null for kinds without a status subresource.</summary>
    public Type? Status { get; init; }
}
