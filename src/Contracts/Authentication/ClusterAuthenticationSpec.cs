using System.ComponentModel;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Authentication;

[Kind("ClusterAuthentication", "clusterauthentications", ShortNames = ["clauth"])]
[Description("How API servers of clusters find out who is asking.")]
public sealed record ClusterAuthenticationSpec
{
    [Description("Kubernetes' AuthenticationConfiguration, without apiVersion and kind.")]
    public AuthenticationConfiguration? AuthenticationConfiguration { get; set; }

    [Description("Certificate that the issuers' certificates are checked with.")]
    public SecretKeyReference? CaSecret { get; set; }
}
