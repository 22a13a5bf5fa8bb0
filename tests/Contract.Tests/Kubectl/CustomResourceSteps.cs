using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>A CustomResourceDefinition with schema, defaults, columns, status and scale, and what kubectl does with its objects.</summary>
internal static class CustomResourceSteps
{
    private const string Definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: widgets.$TAG.example.com
        spec:
          group: $TAG.example.com
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd$TAG], categories: [shop$TAG]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
            additionalPrinterColumns:
            - {name: Size, type: string, jsonPath: .spec.size}
            - {name: Phase, type: string, jsonPath: .status.phase}
            - {name: Note, type: string, jsonPath: .spec.note, priority: 1}
            schema:
              openAPIV3Schema:
                type: object
                description: Widget is a thing of the tests.
                properties:
                  spec:
                    type: object
                    description: What the widget should be.
                    required: [size]
                    properties:
                      size: {type: string, enum: [small, large], description: How big it is.}
                      replicas: {type: integer, minimum: 0, default: 1}
                      note: {type: string, maxLength: 10}
                      parts: {type: array, items: {type: object, properties: {id: {type: integer}}}}
                  status:
                    type: object
                    properties:
                      phase: {type: string}
                      replicas: {type: integer}
        """;

    public static IReadOnlyList<Step> All { get; } =
    [
        new("create definition", "apply -f -") { Input = Definition, Says = "customresourcedefinition.apiextensions.k8s.io/widgets.$TAG.example.com created" },
        new("wait established", "wait --for=condition=Established crd/widgets.$TAG.example.com --timeout=30s") { Says = "condition met" },
        new("definition again", "apply -f -") { Input = Definition, Says = "unchanged" },
        new("definition's conditions", "get crd widgets.$TAG.example.com -o jsonpath={.status.conditions[*].type}:{.status.acceptedNames.kind}:{.status.storedVersions}") { Says = "Established:Widget" },
        new("a definition with a wrong name", "create --validate=false -f -")
        {
            ExitCode = 1, Says = "metadata.name: Invalid value", OnlyLines = "metadata.name",
            Input = Definition.Replace("name: widgets.$TAG.example.com", "name: wrong.$TAG.example.com", StringComparison.Ordinal),
        },
        new("api resources of a group", "api-resources --api-group=$TAG.example.com") { Says = "widgets wd$TAG $TAG.example.com/v1 true Widget", Eventually = true },
        new("api resources wide", "api-resources --api-group=$TAG.example.com -o wide") { Says = "shop$TAG" },
        new("api resources of apps", "api-resources --api-group=apps") { Says = "deployments deploy apps/v1 true Deployment" },
        new("api resources of rbac", "api-resources --api-group=rbac.authorization.k8s.io -o name") { Says = "rolebindings.rbac.authorization.k8s.io" },
        new("all api resources", "api-resources") { Says = "configmaps cm v1 true ConfigMap" },
        new("api versions", "api-versions") { Says = "apiextensions.k8s.io/v1", OnlyLines = "^(v1|apps/v1|apiextensions.k8s.io/v1|rbac.authorization.k8s.io/v1|coordination.k8s.io/v1|batch/v1|networking.k8s.io/v1|storage.k8s.io/v1|authentication.k8s.io/v1|authorization.k8s.io/v1|policy/v1|autoscaling/v1|\\$TAG.example.com/v1)$" },
        new("raw discovery of a group", "get --raw /apis/$TAG.example.com") { Says = "\"preferredVersion\"" },
        new("raw health", "get --raw /readyz") { Says = "ok" },
        new("explain", "explain widget") { Says = "Widget is a thing of the tests." , Eventually = true },
        new("explain a field", "explain widget.spec.size") { Says = "How big it is." },
        new("explain recursively", "explain widget.spec --recursive") { Says = "replicas <integer>" },
        new("explain an unknown field", "explain widget.spec.colour") { ExitCode = 1, Says = "field \"colour\" does not exist" },
        new("explain a built-in field", "explain configmap.immutable") { Says = "FIELD: immutable <boolean>" },

        new("create custom", "apply -n $NS -f -") { Input = Widget("small", "note: hello"), Says = "widget.$TAG.example.com/box created" },
        new("custom table", "get widgets -n $NS") { Says = "NAME SIZE PHASE\nbox small" },
        new("custom wide table", "get wd$TAG -n $NS -o wide") { Says = "NAME SIZE PHASE NOTE" },
        new("custom by category", "get shop$TAG -n $NS") { Says = "box small" },
        new("custom by full name", "get widget.$TAG.example.com/box -n $NS -o name") { Says = "widget.$TAG.example.com/box" },
        new("custom by version", "get widgets.v1.$TAG.example.com box -n $NS -o jsonpath={.apiVersion}") { Says = "$TAG.example.com/v1" },
        new("custom defaults", "get widget box -n $NS -o jsonpath={.spec.replicas}{.metadata.generation}") { Says = "11" },
        new("custom yaml", "get widget box -n $NS -o yaml") { Says = "size: small" },
        new("custom describe", "describe widget box -n $NS") { Says = "Size: small" },
        new("custom with a bad enum", "apply -n $NS -f -") { ExitCode = 1, Input = Widget("huge"), Says = "spec.size: Unsupported value: \"huge\": supported values: \"small\", \"large\"" },
        new("custom with a missing field", "create -n $NS --validate=false -f -") { ExitCode = 1, Says = "spec.size: Required value", Input = "{apiVersion: $TAG.example.com/v1, kind: Widget, metadata: {name: none}, spec: {}}" },
        new("custom with a wrong type", "create -n $NS --validate=false -f -") { ExitCode = 1, Says = "spec.replicas", Input = Widget("small", "replicas: many").Replace("box", "typed", StringComparison.Ordinal) },
        new("custom below the minimum", "patch widget box -n $NS --type=merge -p {\"spec\":{\"replicas\":-1}}") { ExitCode = 1, Says = "spec.replicas" },
        new("custom with a long text", "patch widget box -n $NS --type=merge -p {\"spec\":{\"note\":\"longer-than-ten\"}}") { ExitCode = 1, Says = "spec.note" },
        new("custom with an unknown field", "create -n $NS -f -") { ExitCode = 1, Says = "colour", Input = Widget("small", "colour: red").Replace("box", "coloured", StringComparison.Ordinal) },
        new("unknown fields are pruned", "create -n $NS --validate=false -f - -o jsonpath={.spec}") { Says = "{\"replicas\":1,\"size\":\"small\"}", Input = Widget("small", "colour: red").Replace("box", "pruned", StringComparison.Ordinal) },
        new("custom strategic patch", "patch widget box -n $NS --type=strategic -p {\"spec\":{\"size\":\"large\"}}") { ExitCode = 1 },
        new("custom merge patch", "patch widget box -n $NS --type=merge -p {\"spec\":{\"size\":\"large\"}}") { Says = "patched" },
        new("generation grew", "get widget box -n $NS -o jsonpath={.metadata.generation}") { Says = "2" },
        new("status is not the spec's business", "patch widget box -n $NS --type=merge -p {\"status\":{\"phase\":\"Lost\"}}") { Says = "patched" },
        new("status was not written", "get widget box -n $NS -o jsonpath={.status}"),
        new("patch status", "patch widget box -n $NS --subresource=status --type=merge -p {\"status\":{\"phase\":\"Ready\",\"replicas\":3},\"spec\":{\"size\":\"small\"}}") { Says = "patched" },
        new("status changed alone", "get widget box -n $NS -o jsonpath={.status.phase}{.spec.size}{.metadata.generation}") { Says = "Readylarge2" },
        new("wait for a custom field", "wait --for=jsonpath={.status.phase}=Ready widget/box -n $NS --timeout=10s") { Says = "condition met" },
        new("scale custom", "scale widget box -n $NS --replicas=4") { Says = "scaled" },
        new("custom scale", "get widget box -n $NS --subresource=scale -o jsonpath={.spec.replicas}/{.status.replicas}") { Says = "4/3" },
        new("custom server-side apply", "apply -n $NS --server-side --field-manager=shop -f -") { Input = Widget("small").Replace("box", "crate", StringComparison.Ordinal), Says = "serverside-applied" },
        new("custom server-side conflict", "apply -n $NS --server-side --field-manager=rival -f -") { Input = Widget("large").Replace("box", "crate", StringComparison.Ordinal), ExitCode = 1, Says = "conflict with \"shop\": .spec.size" },
        new("custom label and select", "label widgets --all -n $NS shelf=top") { Says = "widget.$TAG.example.com/box labeled" },
        new("custom by label", "get widgets -n $NS -l shelf=top -o name --sort-by=.metadata.name") { Says = "widget.$TAG.example.com/crate" },
        new("custom watch", "get widget box -n $NS --watch --output-watch-events --no-headers")
        {
            WatchLines = 2, Says = "MODIFIED",
            Meanwhile = [new("", "patch widget box -n $NS --type=merge -p {\"spec\":{\"note\":\"seen\"}}")],
        },
        new("add a finalizer", "patch widget box -n $NS --type=merge -p {\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}") { Says = "patched" },
        new("delete with a finalizer", "delete widget box -n $NS --wait=false") { Says = "deleted" },
        new("deletion waits", "get widget box -n $NS -o jsonpath={.metadata.deletionTimestamp}{.metadata.finalizers}") { Says = "TIME[\"example.com/hold\"]" },
        new("a new finalizer is refused", "patch widget box -n $NS --type=merge -p {\"metadata\":{\"finalizers\":[\"example.com/hold\",\"example.com/more\"]}}") { ExitCode = 1, Says = "no new finalizers can be added if the object is being deleted" },
        new("release the finalizer", "patch widget box -n $NS --type=json -p [{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]") { Says = "patched" },
        new("deletion is done", "wait --for=delete widget/box -n $NS --timeout=20s"),
        new("delete definition", "delete crd widgets.$TAG.example.com --timeout=60s") { Says = "deleted" },
        new("its objects are gone", "get --raw /apis/$TAG.example.com/v1/namespaces/$NS/widgets") { ExitCode = 1, Says = "NotFound" , Eventually = true },
    ];

    private static string Widget(string size, string more = "") =>
        $"apiVersion: $TAG.example.com/v1\nkind: Widget\nmetadata: {{name: box}}\nspec:\n  size: {size}\n" + (more.Length > 0 ? $"  {more}\n" : "");
}
