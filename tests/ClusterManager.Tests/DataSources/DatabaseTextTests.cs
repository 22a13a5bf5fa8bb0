using System.Text;
using Fleet.ClusterManager.DataSources;
using Fleet.Control.Queueing;

namespace Fleet.ClusterManager.Tests.DataSources;

public class DatabaseTextTests
{
    [Theory]
    [InlineData("org", "web", "org_web_bbbbb")]
    [InlineData("mon-organisation", "a-b", "mon_organisation_a_b_bbbbb")]
    public void A_schema_is_namespace_and_name_and_something_drawn(string @namespace, string name, string expected) =>
        Assert.Equal(expected, DatabaseNames.SchemaOf(new(@namespace, name), new Fixed(0)));

    [Fact]
    public void A_name_that_postgresql_would_cut_off_is_cut_before_and_stays_unlike_others()
    {
        var first = DatabaseNames.SchemaOf(new(new('n', 60), "web-1"), new Fixed(0.999));
        var second = DatabaseNames.SchemaOf(new(new('n', 60), "web-2"), new Fixed(0.999));
        Assert.Equal(DatabaseNames.Longest, Encoding.UTF8.GetByteCount(first));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Identifiers_and_literals_are_quoted()
    {
        Assert.Equal("\"a\"\"; DROP TABLE x; --\"", DatabaseNames.Identifier("a\"; DROP TABLE x; --"));
        Assert.Equal(@"E'it''s \\'", DatabaseNames.Literal(@"it's \"));
    }

    [Fact]
    public void A_verifier_is_what_postgresql_would_keep() =>
        // RFC 7677's example: password "pencil" with this salt and 4096 rounds.
        Assert.Equal(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
            ScramVerifier.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==")));

    [Theory]
    [InlineData("db:5432", false, "postgres://r:p@db:5432/d")]
    [InlineData("db:5432", true, "postgres://r:p@db:5432/d?sslmode=verify-full&sslrootcert=/var/lib/k0s/kine-ca/ca.crt")]
    [InlineData("a:1,[::1]:2", true, "postgres://r:p@a:1,[::1]:2/d?sslmode=verify-full&sslrootcert=/var/lib/k0s/kine-ca/ca.crt&target_session_attrs=read-write")]
    public void A_connection_is_a_url_for_kine(string endpoints, bool withAuthority, string expected)
    {
        var url = KineUrl.Of(endpoints.Split(','), "r", "p", "d", withAuthority);
        Assert.Equal(expected, url);
        Assert.Equal("p", KineUrl.PasswordOf(url));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("mysql://r:p@db/d")]
    [InlineData("postgres://db/d")]
    [InlineData("postgres://r@db/d")]
    public void What_is_no_such_url_has_no_password(string? url) => Assert.Null(KineUrl.PasswordOf(url));

    private sealed class Fixed(double value) : IJitterSource
    {
        public double Next() => value;
    }
}
