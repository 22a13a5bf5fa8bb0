using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.DataSources;

[Kind("DataSource", "datasources")]
[Immutable("changing the spec is not supported, create a new object")]
[Description("A database server that hosted control planes may keep their data in.")]
public sealed record DataSourceSpec
{
    [Required, AllowedValues("postgresql"), Description("What kind of database it is.")]
    public string Type { get; set; } = "";

    [Required, Description("Host and port of each server, without scheme or parameters.")]
    public List<string> Endpoints { get; set; } = [];

    [Required, Description("How to sign in.")]
    public DataSourceAuth Auth { get; set; } = new();

    [Description("Certificate that the servers' certificates are checked with.")]
    public SecretKeyReference? CertificateAuthority { get; set; }
}

public sealed record DataSourceAuth
{
    [Required, Description("The user name.")]
    public SecretKeyReference Username { get; set; } = new();

    [Required, Description("The password.")]
    public SecretKeyReference Password { get; set; } = new();
}
