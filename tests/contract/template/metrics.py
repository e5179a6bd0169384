"""Observable metrics: namespace, metric and dimension, with the kind of resource that the dimension names."""

METRICS = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"): "AWS::SQS::Queue",
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"): "AWS::SQS::Queue",
    ("AWS/Lambda", "IteratorAge", "FunctionName"): "AWS::Lambda::Function",
    ("AWS/Lambda", "Errors", "FunctionName"): "AWS::Lambda::Function",
    ("AWS/Lambda", "DestinationDeliveryFailures", "FunctionName"): "AWS::Lambda::Function",
    ("AWS/Lambda", "Throttles", "FunctionName"): "AWS::Lambda::Function",
    ("AWS/ApiGateway", "Count", "ApiId"): "AWS::ApiGatewayV2::Api",
    ("AWS/ApiGateway", "Latency", "ApiId"): "AWS::ApiGatewayV2::Api",
    ("AWS/ApiGateway", "4xx", "ApiId"): "AWS::ApiGatewayV2::Api",
    ("AWS/ApiGateway", "5xx", "ApiId"): "AWS::ApiGatewayV2::Api",
    ("AWS/Events", "FailedInvocations", "RuleName"): "AWS::Events::Rule",
}
