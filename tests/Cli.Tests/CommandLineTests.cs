namespace Fleet.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("get")]
    [InlineData("get clusters -o xml")]
    [InlineData("up --api-port 70000")]
    [InlineData("up --capi-core both")]
    [InlineData("demo --clusters 0")]
    [InlineData("delete cluster")]
    [InlineData("delete cluster web --orphan --force")]
    [InlineData("delete cluster web --yes-i-mean web")]
    [InlineData("breaker reset --yes-i-mean all")]
    [InlineData("adopt old")]
    [InlineData("adopt --from kubeconfig")]
    [InlineData("apply")]
    [InlineData("rollback service web")]
    [InlineData("rollback service web --to last")]
    [InlineData("rollback cluster web --to 1")]
    [InlineData("history service")]
    [InlineData("drift cluster web")]
    [InlineData("plan cluster")]
    [InlineData("plan services --set a=b")]
    [InlineData("diff")]
    [InlineData("explain values web")]
    [InlineData("explain secrets web nginx")]
    [InlineData("completion tcsh")]
    [InlineData("nonsense")]
    public void A_wrong_command_line_is_refused_with_words(string line)
    {
        var parsed = RootCommandBuilder.Build().Parse(line);
        Assert.NotEmpty(parsed.Errors);
        Assert.All(parsed.Errors, error => Assert.NotEmpty(error.Message));
    }

    [Theory]
    [InlineData("up")]
    [InlineData("up --data /x --api-port 8443 --foreground")]
    [InlineData("down --purge")]
    [InlineData("get clusters -A -o wide -w")]
    [InlineData("get services web -n team -l a=b")]
    [InlineData("describe cluster web")]
    [InlineData("kubeconfig web -o file")]
    [InlineData("adopt old --from kubeconfig -n team")]
    [InlineData("adopt old --from kubeconfig --from-context prod --service-account --wait false")]
    [InlineData("apply -f a.yaml -f b.yaml")]
    [InlineData("delete cluster web --wait false")]
    [InlineData("delete cluster web --orphan")]
    [InlineData("delete cluster web --force --yes-i-mean web")]
    [InlineData("breaker show")]
    [InlineData("breaker reset --yes-i-mean 12")]
    [InlineData("get services --cluster web")]
    [InlineData("plan services")]
    [InlineData("plan services team/web -o json --detailed-exitcode")]
    [InlineData("diff -f a.yaml -f b.yaml -o json")]
    [InlineData("describe service shop/cart -c team/web")]
    [InlineData("history service cart -c web -o json")]
    [InlineData("drift service cart -c web -o yaml")]
    [InlineData("rollback service cart -c web --to 1 --dry-run")]
    [InlineData("pause service cart -c web")]
    [InlineData("resume service cart -n team")]
    [InlineData("restart service cart --rest http://127.0.0.1:7080")]
    [InlineData("explain values web cart -o wide")]
    [InlineData("explain manifest web cart --revision 1")]
    [InlineData("logs -f --tail 5")]
    [InlineData("doctor --json")]
    public void What_the_README_shows_is_understood(string line) => Assert.Empty(RootCommandBuilder.Build().Parse(line).Errors);
}
