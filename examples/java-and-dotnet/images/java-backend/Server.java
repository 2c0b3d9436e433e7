import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Executors;

/** Stands in for the team's own back end: answers under /java/api and says whether it reaches its database. */
public final class Server {
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/java/api/health", exchange -> answer(exchange, 200, "{\"status\":\"ok\"}"));
    server.createContext("/java/api/database", Server::database);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    // ECS sends SIGTERM before it stops a task: requests in flight get five seconds.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(5)));
    server.start();
    log("info", "listening on " + port);
  }

  private static void database(HttpExchange exchange) throws IOException {
    String host = System.getenv("JAVA_DB_HOST");
    int port = Integer.parseInt(System.getenv().getOrDefault("JAVA_DB_PORT", "5432"));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 2000);
      answer(exchange, 200, "{\"database\":\"reached\"}");
    } catch (IOException | IllegalArgumentException error) {
      log("error", "database not reached: " + error.getMessage());
      answer(exchange, 503, "{\"database\":\"not reached\"}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
    log("info", exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " " + status);
  }

  /** A line of JSON: CloudWatch Logs finds its fields by itself. */
  private static void log(String level, String message) {
    String safe = message.replace("\\", "\\\\").replace("\"", "\\\"");
    System.out.printf("{\"time\":\"%s\",\"level\":\"%s\",\"message\":\"%s\"}%n", Instant.now(), level, safe);
  }
}
