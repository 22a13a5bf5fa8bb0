using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Services;

public sealed record ServiceSetStatus
{
    [DefaultValue(false), Description("Whether every service is deployed.")]
    public bool? Deployed { get; set; }

    [Description("The cluster object that the services went to.")]
    public ObjectReference? Cluster { get; set; }

    [Description("State of who installs.")]
    public ServiceProviderState? Provider { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("State of each service.")]
    public List<ServiceState>? Services { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

public sealed record ServiceProviderState
{
    [DefaultValue(false), Description("Whether it works.")]
    public bool? Ready { get; set; }

    [DefaultValue(false), Description("Whether it is suspended.")]
    public bool? Suspended { get; set; }
}
