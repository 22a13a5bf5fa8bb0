namespace Fleet.StateManager.Manifests;

/// <summary>A file with manifests.</summary>
/// <param name="Name">For messages.</param>
internal readonly record struct ManifestText(string Name, string Text);
