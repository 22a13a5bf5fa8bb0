using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Services;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Tests;

public sealed class ServiceTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private static readonly ServiceDetailView Service = new()
    {
        Namespace = "team", Cluster = "web", ServiceNamespace = "shop", Name = "cart", ServiceSet = "web", Type = "Helm", Template = "cart-1-5", State = "Pending",
        Version = "1.4.0", Message = "held at revision 1 by alice", Since = Now.AddMinutes(-3),
        Held = new() { Revision = 1, By = "alice", Since = Now, Message = "held at revision 1 by alice" },
    };

    [Fact]
    public void Values_stand_in_columns_with_their_origins_and_secrets_are_not_shown()
    {
        var settings = new ValuesOriginView { Kind = "ConfigMap", Name = "settings", Key = "values.yaml" };
        var chart = new ValuesOriginView { Kind = "Chart" };
        var values = new ServiceValuesView
        {
            Chart = "cart-1.4.0",
            Layers = [chart, settings, new() { Kind = "Values" }],
            Values =
            [
                new() { Path = "replicaCount", Value = 3, From = new() { Kind = "Values" }, Over = [settings, chart] },
                new() { Path = "password", Secret = true, From = new() { Kind = "Secret", Name = "keys", Key = "values.yaml" } },
                new() { Path = "text", Value = new string('x', 80), From = chart },
                new() { Path = "gone", Value = null, From = settings, Over = [chart] },
                new() { Path = "list", Value = JsonNode.Parse("[1,2]"), From = chart },
            ],
        };
        Assert.Equal(
            $"""
            Service shop/cart on team/web, chart cart-1.4.0
            Later wins:  chart  →  ConfigMap settings (values.yaml)  →  values

            VALUE          IS{new string(' ', 61)}FROM                               INSTEAD OF
            replicaCount   3{new string(' ', 62)}values                             ConfigMap settings (values.yaml), chart
            password       (secret){new string(' ', 55)}Secret keys (values.yaml)
            text           {new string('x', 59)}…   chart
            gone           null{new string(' ', 59)}ConfigMap settings (values.yaml)   chart
            list           [1,2]{new string(' ', 58)}chart

            """,
            Written(output => ServiceText.Values(output, Service, values, wide: false)));
        Assert.Contains(new string('x', 80), Written(output => ServiceText.Values(output, Service, values, wide: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_says_a_message_once_and_why_the_cluster_said_nothing()
    {
        var page = Written(output => ServiceText.Describe(output, Service with { ClusterProblem = "team/web did not answer within 10 s" }, Now));
        Assert.Contains("State:         Pending for 3m: held at revision 1 by alice\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Held:", page, StringComparison.Ordinal);
        Assert.Contains("Cluster says:  team/web did not answer within 10 s\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Revisions", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_say_how_they_are_and_how_many_are_not_listed()
    {
        var page = Written(output => ServiceText.Describe(output, Service with
        {
            Objects =
            [
                new() { ApiVersion = "v1", Kind = "Pod", Namespace = "shop", Name = "cart-0", Health = "Failed", Message = "it crashes\nand crashes", Rule = "team/rules#0" },
                new() { ApiVersion = "rbac.authorization.k8s.io/v1", Kind = "ClusterRole", Name = "cart", Health = "Healthy" },
            ],
            ObjectCount = 5,
        }, Now));
        Assert.Contains(
            """
              KIND          NAMESPACE   NAME     HEALTH    MESSAGE
              Pod           shop        cart-0   Failed    it crashes and crashes (rule team/rules#0)
              ClusterRole               cart     Healthy
              … and 3 more that are not worse
            """, page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_became_of_an_action_is_a_sentence()
    {
        Assert.Equal("shop/cart on team/web: held at revision 1 by alice.", ServiceText.Held(Service));
        Assert.Equal("shop/cart on team/web follows its declaration.", ServiceText.Held(Service with { Held = null }));
    }

    private static string Written(Action<TextWriter> write)
    {
        var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
