namespace Fleet.ControlPlane.Patching;

/// <summary>Who writes, for managedFields. The subresource is empty for the object itself.</summary>
public sealed record FieldWriter(string Manager, string ApiVersion, string Subresource, DateTimeOffset Now)
{
    /// <summary>The kind has a status subresource: then writes to the object itself neither set nor own status.</summary>
    public bool StatusIsSubresource { get; init; } = true;
}
