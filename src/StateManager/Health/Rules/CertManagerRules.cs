namespace Fleet.StateManager.Health.Rules;

/// <summary>cert-manager.</summary>
internal static class CertManagerRules
{
    private const string Group = "cert-manager.io";
    private const string Acme = "acme.cert-manager.io";

    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        (Group, "Certificate", Certificate),
        (Group, "Issuer", Issuer),
        (Group, "ClusterIssuer", Issuer),
        (Group, "CertificateRequest", Request),
        (Acme, "Order", Acknowledged),
        (Acme, "Challenge", Acknowledged),
    ];

    private static ObjectVerdict Certificate(ObservedObject certificate)
    {
        var ready = certificate.Condition("Ready");
        var issuing = certificate.Condition("Issuing");
        // A certificate that is renewed in time serves all the while.
        if (ready.IsTrue && (ready.ObservedGeneration ?? certificate.Generation) >= certificate.Generation)
            return ObjectVerdict.Healthy;
        if (issuing is { IsFalse: true, Reason: "Failed" })
            return ObjectVerdict.Failed(issuing.Say("it could not be issued"));
        return ObjectVerdict.Progressing(issuing.IsTrue ? issuing.Say("it is being issued") : ready.Say("its controller has not seen it yet"));
    }

    private static ObjectVerdict Issuer(ObservedObject issuer) =>
        issuer.Condition("Ready") is { IsFalse: true } refused && (refused.ObservedGeneration ?? issuer.Generation) >= issuer.Generation
            ? ObjectVerdict.Failed(refused.Say("it is not ready"))
            : ConditionRules.AllTrue(issuer, "Ready");

    private static ObjectVerdict Request(ObservedObject request)
    {
        foreach (var type in (ReadOnlySpan<string>)["InvalidRequest", "Denied"])
            if (request.Condition(type) is { IsTrue: true } refused)
                return ObjectVerdict.Failed(refused.Say(type));
        return request.Condition("Ready") is { IsFalse: true, Reason: "Failed" } failed
            ? ObjectVerdict.Failed(failed.Say("it failed"))
            : ConditionRules.AllTrue(request, "Ready");
    }

    private static ObjectVerdict Acknowledged(ObservedObject item)
    {
        var reason = item.Text("status", "reason");
        return item.Text("status", "state") switch
        {
            "valid" => ObjectVerdict.Healthy,
            "invalid" or "expired" or "errored" => ObjectVerdict.Failed(reason.Length > 0 ? reason : $"it is {item.Text("status", "state")}"),
            _ => ObjectVerdict.Progressing(reason.Length > 0 ? reason : "it is pending"),
        };
    }
}
