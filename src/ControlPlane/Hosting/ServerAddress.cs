using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Hosting;

/// <summary>Where the server listens; known once it does.</summary>
internal sealed class ServerAddress
{
    private volatile Uri? root;

    public Uri Root
    {
        get => root ?? throw new InvalidOperationException("the server does not listen yet");
        set => root = value;
    }

    public string Of(string cluster) =>
        cluster == ClusterRegistry.ManagementName ? Root.GetLeftPart(UriPartial.Authority) : $"{Root.GetLeftPart(UriPartial.Authority)}/clusters/{cluster}";
}
