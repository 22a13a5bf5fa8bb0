using System.Text.Json.Nodes;
using Fleet.Backup.Moves;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Backup.Tests.Moves;

public sealed class KnownFieldsTests
{
    private const string Schema = """
        type: object
        properties:
          spec:
            type: object
            properties:
              template: {type: string}
              config: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {size: {type: object, properties: {min: {type: integer}}}}}
              labels: {type: object, additionalProperties: {type: string}}
              pools: {type: object, additionalProperties: {type: object, properties: {count: {type: integer}}}}
              services: {type: array, items: {type: object, properties: {name: {type: string}}}}
              manifest: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object, properties: {a: {type: string}}}}}
              port: {x-kubernetes-int-or-string: true}
          data: {type: object, additionalProperties: true}
        """;

    [Theory]
    [InlineData("spec: {template: t, port: 80, labels: {any: thing}, services: [{name: a}]}", "")]
    [InlineData("spec: {templates: t}", "spec.templates")]
    [InlineData("spec: {config: {anything: {at: all}, size: {min: 1, max: 2}}}", "spec.config.size.max")]
    [InlineData("spec: {services: [{name: a}, {name: b, dependsOn: [a]}]}", "spec.services[1].dependsOn")]
    [InlineData("spec: {pools: {a: {count: 1}, b: {counts: 1}}}", "spec.pools.b.counts")]
    [InlineData("spec: {manifest: {apiVersion: v1, kind: A, metadata: {name: a, labels: {b: c}}, spec: {a: b, c: d}}}", "spec.manifest.spec.c")]
    [InlineData("{data: {a: {b: c}}, others: 1}", "others")]
    [InlineData("{apiVersion: v1, kind: A, metadata: {name: a, annotations: {b: c}}, status: {made: by, its: controller}}", "")]
    public void A_field_that_a_definition_lacks_is_named_by_its_path(string item, string lacking) => Assert.Equal(
        lacking, string.Join(", ", KnownFields.Lacking(KubernetesYaml.Parse(item)!.AsObject(), (JsonObject)KubernetesYaml.Parse(Schema)!)));
}
