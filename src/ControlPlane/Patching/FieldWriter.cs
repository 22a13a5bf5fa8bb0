namespace Fleet.ControlPlane.Patching;

/// <summary>Who writes, for managedFields. The subresource is empty for the object itself.</summary>
public sealed record FieldWriter(string Manager, string ApiVersion, string Subresource, DateTimeOffset Now);
