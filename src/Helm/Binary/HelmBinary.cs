namespace Fleet.Helm.Binary;

/// <summary>A helm that was found, started once and is of a supported version.</summary>
public sealed record HelmBinary(string Path, HelmVersion Version);
