using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.References;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Yaml;
using static Fleet.ClusterManager.Tests.References.ReferenceExamples;

namespace Fleet.ClusterManager.Tests.References;

/// <summary>What references give to the cluster chart; upstream's charts read the same keys.</summary>
public class ReferenceValuesTests
{
    [Fact]
    public void Authentication_is_a_secret_with_a_hash()
    {
        var plan = Plan(With(Authentication()));
        var document = Assert.Single(plan.References.Write);
        Assert.Equal((CoreKinds.Secrets, "web-auth-config", "config"), (document.Kind, document.Place.Name, document.DataKey));
        Assert.Equal($$$"""{"configSecret":{"name":"web-auth-config","key":"config","hash":"{{{document.Hash}}}"}}""", plan.Values["auth"]!.ToJsonString());
        Assert.Matches("^[0-9a-f]{8}$", document.Hash);
        Assert.Equal("apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\njwt:\n- issuer:\n    audiences:\n    - k\n    url: https://dex\n", document.Text);
    }

    [Fact]
    public void The_hash_is_the_first_four_bytes_of_sha256() =>
        // sha256("abc") = ba7816bf 8f01cfea …
        Assert.Equal("ba7816bf", new ClusterDocument(CoreKinds.Secrets, new("org", "x"), "k", "abc").Hash);

    [Theory]
    [InlineData("""{"jwt":[{"issuer":{"audiences":["k"],"url":"https://dex"}}]}""", true)]
    [InlineData("""{"jwt":[{"issuer":{"url":"https://dex","audiences":["k","l"]}}]}""", false)]
    [InlineData("""{"jwt":[{"issuer":{"url":"https://dex","audiences":["k"]}}],"anonymous":{"enabled":true}}""", false)]
    public void Another_content_changes_the_values_and_another_order_of_fields_does_not(string configuration, bool isSame) =>
        Assert.Equal(isSame, Value(With(Authentication()), "auth") == Value(With(Authentication(configuration)), "auth"));

    [Fact]
    public void Anonymous_access_in_the_configuration_takes_the_flag_away()
    {
        Assert.True((bool)Plan(With(Authentication("""{"jwt":[],"anonymous":{"enabled":false}}"""))).Values["auth"]!["configWithAnon"]!);
        Assert.Null(Plan(With(Authentication())).Values["auth"]!["configWithAnon"]);
    }

    [Fact]
    public void The_authority_is_put_into_every_issuer_and_changes_the_hash()
    {
        var configuration = """{"jwt":[{"issuer":{"url":"https://a"}},{"issuer":{"url":"https://b","certificateAuthority":"old"}}],"later":{"x":1}}""";
        var document = Assert.Single(Plan(With(Authentication(configuration, Certificate))).References.Write);
        var read = KubernetesYaml.ReadAll(document.Text).Single();
        Assert.All((JsonArray)read["jwt"]!, jwt => Assert.Equal(Certificate, (string?)jwt!["issuer"]!["certificateAuthority"]));
        // What a later Kubernetes adds is kept.
        Assert.Equal(1, (long)read["later"]!["x"]!);
        Assert.NotEqual(document.Hash, Assert.Single(Plan(With(Authentication(configuration))).References.Write).Hash);
    }

    [Fact]
    public void An_object_without_configuration_asks_for_nothing()
    {
        var facts = With(Authentication() with { Authentication = new(new("org", "dex")) { Spec = [] } });
        Assert.Null(Value(facts, "auth"));
        Assert.Empty(Plan(facts).References.Write);
    }

    [Fact]
    public void An_audit_policy_is_a_config_map_and_the_same_secret_for_machines_of_kubeadm()
    {
        var plan = Plan(With(AuditPolicy()));
        Assert.Equal([(CoreKinds.ConfigMaps, "web-audit-policy", "policy"), (CoreKinds.Secrets, "web-audit-policy", "policy")],
            plan.References.Write.Select(document => (document.Kind, document.Place.Name, document.DataKey)));
        Assert.All(plan.References.Write, document => Assert.Equal("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n", document.Text));
        Assert.Equal($$$"""{"policyRef":{"name":"web-audit-policy","key":"policy","hash":"{{{plan.References.Write[0].Hash}}}"}}""", plan.Values["audit"]!.ToJsonString());
    }

    [Fact]
    public void Where_the_audit_goes_stays_the_users_and_the_rest_is_replaced()
    {
        var config = JsonNode.Parse("""{"audit":{"logPath":"/var/log/a","policyRef":{"name":"mine"}},"auth":{"configSecret":{"name":"mine"},"mine":1}}""");
        var both = AuditPolicy() with { Authentication = Authentication().Authentication };
        var values = Plan(With(both, cluster => cluster.Spec.Config = config)).Values;
        Assert.Equal(("/var/log/a", "web-audit-policy", "web-auth-config", false), (
            (string?)values["audit"]!["logPath"], (string?)values["audit"]!["policyRef"]!["name"], (string?)values["auth"]!["configSecret"]!["name"],
            ((JsonObject)values["auth"]!).ContainsKey("mine")));
        Assert.Equal("mine", (string?)config!["auth"]!["configSecret"]!["name"]);
    }

    [Theory]
    [InlineData(false, """{"kineDataSourceSecretName":"made-kine"}""")]
    [InlineData(true, """{"kineDataSourceSecretName":"made-kine","caSecret":{"name":"made-ca","key":"root.pem"}}""")]
    public void A_database_is_the_secrets_that_its_controller_names(bool withAuthority, string expected) =>
        Assert.Equal(expected, Value(With(Database(withAuthority: withAuthority)), "dataSource"));

    [Fact]
    public void Bound_addresses_are_values_and_not_the_spec()
    {
        var facts = With(Claim(), cluster => cluster.Spec.Config = JsonNode.Parse("""{"region":"eu"}"""));
        var values = Plan(facts).Values;
        Assert.True((bool)values["ipamEnabled"]!);
        Assert.Equal("""{"name":"ipPool","config":{"apiGroup":"ipam.cluster.x-k8s.io","kind":"InClusterIPPool","name":"nodes"},"ready":true}""", values["ipPool"]!.ToJsonString());
        Assert.Equal("""{"region":"eu"}""", facts.Object.Spec.Config!.ToJsonString());
    }

    [Fact]
    public void A_plan_of_what_is_not_made_yet_knows_its_names()
    {
        var facts = With(Database() with { IsPreview = true, DataSource = Database(withAuthority: true).DataSource! with { Database = null } });
        Assert.Equal("""{"kineDataSourceSecretName":"web-kine","caSecret":{"name":"web-kine-ca","key":"root.pem"}}""", Value(facts, "dataSource"));
        var claim = With(new() { IsPreview = true, Ipam = new(new("org", "web-ipam")) }, cluster => cluster.Spec.IpamClaim = new() { Spec = new() { Provider = "in-cluster" } });
        Assert.Equal("web-ipam", (string?)Plan(claim).Values["ipPool"]!["config"]!["name"]);
        Assert.Equal(ReleaseStep.Upgrade, Plan(claim).Release);
    }

    [Theory]
    [InlineData(Certificate, Certificate)]
    [InlineData("text\n" + Certificate + "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", Certificate)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", null)]
    [InlineData("password", null)]
    public void Nothing_but_certificates_is_taken_out_of_a_secret(string text, string? expected) => Assert.Equal(expected, PemCertificates.Of(text));
}
