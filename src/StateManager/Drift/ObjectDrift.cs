using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Drift;

/// <summary>An object of a release that is not as declared, made sure of by reading it from the API server.</summary>
internal sealed record ObjectDrift(InventoryObject Object)
{
    /// <summary>It is gone.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Paths as a person reads them, without values: these may be secret.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Null where nobody can be known: nobody owns what is gone.</summary>
    public FieldWriter? By { get; init; }

    public bool IsSameAs(ObjectDrift other) => IsMissing == other.IsMissing && Fields.SequenceEqual(other.Fields) && By?.Manager == other.By?.Manager;

    /// <summary>For conditions and events.</summary>
    public override string ToString()
    {
        if (IsMissing)
            return $"{Object} is missing";
        var more = Fields.Count > FieldsNamed ? $" and {Fields.Count - FieldsNamed} more" : "";
        var by = By is { Manager.Length: > 0 } ? $" (by {By.Manager})" : "";
        return $"{Object}: {string.Join(", ", Fields.Take(FieldsNamed))}{more}{by}";
    }

    private const int FieldsNamed = 5;
}
