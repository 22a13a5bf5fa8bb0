using Fleet.Contracts.Conditions;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.ServiceSets;

/// <summary>Which changes of a template wake the services that use it.</summary>
public sealed class TemplateVerdictTests
{
    [Theory]
    [InlineData("ConfigMap", true)]
    [InlineData("Secret", true)]
    [InlineData("GitRepository", false)]
    public void The_loss_of_a_source_wakes_its_services_where_nothing_of_it_is_kept(string kind, bool wakes) =>
        Assert.Equal(wakes, Verdict(kind, ConditionStatus.True) != Verdict(kind, ConditionStatus.False));

    private static string Verdict(string kind, ConditionStatus ready) => ServiceSetTriggers.Verdict(new()
    {
        Valid = true,
        SourceStatus = new() { Kind = kind, Name = "manifests", Conditions = [new() { Type = SharedConditions.Ready, Status = ready, Reason = Reason.Succeeded, Message = "" }] },
    });
}
