namespace Fleet.Kubernetes.Objects;

/// <summary>How a kind is reached over REST: its plural name in the path and whether it lives in namespaces.</summary>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    public GroupVersionKind GroupVersionKind => new(Group, Version, Kind);

    public string ApiVersion => GroupVersionKind.ApiVersion;

    /// <summary>Path of the collection, without a leading slash: <c>apis/apps/v1/namespaces/x/deployments</c>. A null namespace means all of them.</summary>
    public string CollectionPath(string? @namespace)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return Namespaced && !string.IsNullOrEmpty(@namespace)
            ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}"
            : $"{root}/{Plural}";
    }

    public override string ToString() => Group.Length == 0 ? $"{Plural}.{Version}" : $"{Plural}.{Version}.{Group}";
}
