namespace Fleet.ControlPlane.Authorization;

/// <summary>What somebody wants to do. A resource with its subresource as <c>pods/log</c>; or a path that is no resource.</summary>
internal readonly record struct AccessAttributes(
    string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, string? Path)
{
    public static AccessAttributes OfPath(string verb, string path) => new(verb, "", "", "", "", "", path);

    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";
}
