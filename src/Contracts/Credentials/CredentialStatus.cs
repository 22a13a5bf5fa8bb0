using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Credentials;

public sealed record CredentialStatus
{
    [Required, DefaultValue(false), Description("Whether the credential can be used.")]
    public bool Ready { get; set; }

    [Description("How many ClusterDeployments name the credential.")]
    public int? UsedBy { get; set; }

    [Description("Names of the first of them.")]
    public List<string>? Users { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}
