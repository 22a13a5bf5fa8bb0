using Fleet.Backup.Postgres;

namespace Fleet.Backup.Tests.Postgres;

/// <summary>PostgreSQL's own programs are as careful with the server's certificate as the connection string asks: otherwise the password of a dump would go to anybody.</summary>
public sealed class PostgresConnectionTests
{
    private const string Place = "Host=db;Username=fleet;Password=p;Database=fleet";

    [Theory]
    [InlineData("", "prefer", null)]
    [InlineData(";SSL Mode=Disable", "disable", null)]
    [InlineData(";SSL Mode=Require", "require", null)]
    [InlineData(";SslMode=VerifyCA;RootCertificate=/ca", "verify-ca", "/ca")]
    [InlineData(";SSL Mode=VerifyFull;Root Certificate=/etc/fleet/tls/ca.crt", "verify-full", "/etc/fleet/tls/ca.crt")]
    [InlineData(";ssl mode=verify-full;Root Certificate=/ca", "verify-full", "/ca")]
    public void The_care_of_the_connection_string_is_that_of_the_programs(string more, string mode, string? roots)
    {
        var tls = PostgresConnection.Parse(Place + more).Tls;
        Assert.Equal(mode, tls["PGSSLMODE"]);
        Assert.Equal(roots, tls.GetValueOrDefault("PGSSLROOTCERT"));
    }

    [Fact]
    public void A_client_certificate_goes_along()
    {
        var tls = PostgresConnection.Parse(Place + ";SSL Mode=VerifyFull;Root Certificate=/ca;SSL Certificate=/me.crt;SSL Key=/me.key").Tls;
        Assert.Equal(("/me.crt", "/me.key"), (tls["PGSSLCERT"], tls["PGSSLKEY"]));
    }
}
