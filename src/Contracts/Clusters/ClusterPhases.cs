namespace Fleet.Contracts.Clusters;

/// <summary>What a cluster that is not ready waits for, in order. Values of <c>status.progress.phase</c>; in lower case, of the annotations for deadlines.</summary>
public static class ClusterPhases
{
    public const string Template = "Template";

    public const string Credential = "Credential";

    public const string Infrastructure = "Infrastructure";

    public const string ControlPlane = "ControlPlane";

    public const string Workers = "Workers";

    public const string Services = "Services";
}
