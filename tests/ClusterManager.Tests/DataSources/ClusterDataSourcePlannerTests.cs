using Fleet.ClusterManager.DataSources;
using Fleet.ClusterManager.References;
using Fleet.Contracts.DataSources;
using Fleet.Control.Kinds;

namespace Fleet.ClusterManager.Tests.DataSources;

public class ClusterDataSourcePlannerTests
{
    private const string Url = "postgres://s:old@db:5432/s";

    private static ClusterDataSourceFacts Facts(
        string? kine = null, ClusterDataSourceStatus? status = null, string schema = "s", string? problem = null, bool isOurs = true, string? authority = null, string endpoint = "db:5432") => new()
    {
        Object = new() { Metadata = new() { Name = "web", Namespace = "org", Uid = "d", Generation = 1 }, Spec = new() { Schema = schema, DataSource = "pg" }, Status = status },
        Source = new() { Spec = new() { CertificateAuthority = authority is null ? null : new() { Name = "ca", Key = "root.pem" } } },
        Server = problem is null ? new([endpoint], "admin", "secret", authority) : null,
        Problem = problem,
        Kine = kine is null ? null : new PresentDocument(CoreKinds.Secrets, new("org", "web-kine"), "k", kine, isOurs),
    };

    [Fact]
    public void A_new_password_is_written_down_before_the_server_gets_it()
    {
        var plan = ClusterDataSourcePlanner.Plan(Facts(), "new");
        Assert.Equal(("new", "postgres://s:new@db:5432/s", "web-kine"), (plan.Password, plan.KineFirst!.Text, plan.KineFirst.Place.Name));
        Assert.Equal((null, true, false), (plan.KineAfterwards, plan.MayCreate, plan.IsSteady));
    }

    [Fact]
    public void The_password_that_is_there_stays()
    {
        var plan = ClusterDataSourcePlanner.Plan(Facts(Url), "new");
        Assert.Equal(("old", null, null, false), (plan.Password, plan.KineFirst, plan.KineAfterwards, plan.IsSteady));
    }

    [Fact]
    public void When_all_was_well_it_is_enough_to_sign_in() =>
        Assert.True(ClusterDataSourcePlanner.Plan(Facts(Url, new() { Ready = true, KineDataSourceSecret = "web-kine", ObservedGeneration = 1 }), "new").IsSteady);

    [Fact]
    public void A_database_that_was_there_is_never_made_anew()
    {
        var plan = ClusterDataSourcePlanner.Plan(Facts(Url, new() { KineDataSourceSecret = "web-kine", ObservedGeneration = 1 }), "new");
        Assert.Equal((false, false), (plan.MayCreate, plan.IsSteady));
    }

    [Fact]
    public void Servers_that_moved_are_written_when_the_database_is_there()
    {
        var plan = ClusterDataSourcePlanner.Plan(Facts(Url, new() { Ready = true, KineDataSourceSecret = "web-kine", ObservedGeneration = 1 }, endpoint: "db2:5432"), "new");
        Assert.Equal((null, "postgres://s:old@db2:5432/s", false), (plan.KineFirst, plan.KineAfterwards!.Text, plan.IsSteady));
    }

    [Fact]
    public void The_authority_is_copied_under_the_users_key()
    {
        var plan = ClusterDataSourcePlanner.Plan(Facts(authority: "PEM"), "new");
        Assert.Equal(("web-kine-ca", "root.pem", "PEM"), (plan.Authority!.Place.Name, plan.Authority.DataKey, plan.Authority.Text));
        Assert.Contains("sslmode=verify-full", plan.KineFirst!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null, true, "spec.schema must have between 1 and 63 bytes, which is as long as PostgreSQL's names may be")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", null, true, "spec.schema must have between 1 and 63 bytes, which is as long as PostgreSQL's names may be")]
    [InlineData("s", "no server", true, "no server")]
    [InlineData("s", null, false, "Secret org/web-kine is there already and was not made for this ClusterDataSource")]
    public void What_is_wrong_is_said(string schema, string? problem, bool isOurs, string expected) =>
        Assert.Equal(expected, ClusterDataSourcePlanner.Plan(Facts(Url, schema: schema, problem: problem, isOurs: isOurs), "new").Problem);

    [Fact]
    public void What_holds_a_password_is_not_printed()
    {
        var facts = Facts(Url);
        var plan = ClusterDataSourcePlanner.Plan(facts, "new");
        foreach (var text in (string[])[$"{facts}", $"{plan.KineAfterwards}", $"{ClusterDataSourcePlanner.Plan(Facts(), "secret").KineFirst}", $"{facts.Server}", $"{plan}", $"{DatabaseLogin.Administrator(facts.Server!)}"])
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }
}
